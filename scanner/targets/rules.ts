import { defineRule, type Rule } from '../rules/define-rule.ts'

const explanation =
  'Hydra, NeMo, Lightning and their like import whatever such a name says and call it with the arguments beside it, while they read the config.'

/** Names that a config, in YAML or JSON, makes a loader import and call. */
export const targetRules: readonly Rule[] = [
  defineRule({
    id: 'CFG-TARGET-001',
    title: 'A config makes its loader call something that runs code or reaches the system',
    severity: 'critical',
    cwe: 'CWE-470',
    explanation: `${explanation} This one runs programs or code, loads native code or unpickles: loading the config would do it.`,
    remedy: 'Do not load it. Treat the model as hostile and report it to where it came from.',
    on: ['target.dangerous'],
  }),
  defineRule({
    id: 'CFG-TARGET-002',
    title: 'A config makes its loader call something unknown',
    severity: 'high',
    cwe: 'CWE-470',
    explanation: `${explanation} This name is on no list of classes known to be harmless.`,
    remedy: 'Find out what the name is before loading. Ask for a config that names classes of the framework only.',
    on: ['target.unknown'],
  }),
  defineRule({
    id: 'CFG-TARGET-003',
    title: 'A config names a class of a known library that was not reviewed',
    severity: 'medium',
    cwe: 'CWE-470',
    explanation: `${explanation} The library is well known, but this name of it is on no list of classes known to be harmless.`,
    remedy: 'Check that the name is the layer, loss or data class that it seems to be.',
    on: ['target.library'],
  }),
]
