import { defineFormat, leaveUninspected } from '../define-format.ts'

/** YAML read by loaders (Hydra, NeMo, training set-ups); tags and `_target_` in it can construct objects. */
export const yamlFormat = defineFormat({
  kind: 'yaml',
  title: 'YAML document',
  extensions: ['.yaml', '.yml'],
  probe: ({ text, offset, path }) =>
    text !== undefined && (/\.ya?ml$/.test(path) || text.startsWith('%YAML'))
      ? { offset, certainty: 'guess' }
      : undefined,
  inspect: leaveUninspected('YAML document'),
  rules: [],
})
