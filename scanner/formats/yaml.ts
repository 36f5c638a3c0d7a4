import { defineFormat } from '../define-format.ts'
import { inspectYaml } from '../yaml/inspect.ts'
import { yamlRules } from '../yaml/rules.ts'

/** YAML read by loaders (Hydra, NeMo, MLflow, training set-ups); tags and `_target_` in it can construct objects. */
export const yamlFormat = defineFormat({
  kind: 'yaml',
  title: 'YAML document',
  extensions: ['.yaml', '.yml'],
  probe: ({ text, offset, path }) =>
    text !== undefined && (/\.ya?ml$|(^|\/)mlmodel$/.test(path) || betrayed.test(text))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: inspectYaml,
  rules: yamlRules,
})

/** What no other text holds: a version line, a tag of Python behind a key, a target of Hydra. */
const betrayed =
  /^%YAML |^[ \t]{0,64}(?:- )?[\w"'-]{1,64}:[ \t]{1,8}!(?:!python\/|<tag:yaml|new:|apply:)|^[ \t]{0,64}(?:- )?["']?_target_["']?:/m
