import { defineRule, type Rule } from '../rules/define-rule.ts'

export const ubjsonRules: readonly Rule[] = [
  defineRule({
    id: 'XGB-BOUNDS-001',
    title: 'A length in a binary JSON model goes beyond its end',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'Readers that believe it run out of memory, or read past their buffer.',
    remedy: 'Ask the publisher for an intact export; a cut download looks the same.',
    on: ['ubjson.past-end', 'ubjson.syntax'],
  }),
  defineRule({
    id: 'XGB-BOUNDS-002',
    title: 'A binary JSON model nests without reason',
    severity: 'high',
    cwe: 'CWE-674',
    explanation: 'Recursive readers run out of stack and crash.',
    remedy: 'Do not load it; no model needs such a file.',
    on: ['ubjson.depth'],
  }),
  defineRule({
    id: 'XGB-CODE-001',
    title: 'A text in a binary JSON model holds a call that runs code',
    severity: 'medium',
    cwe: 'CWE-94',
    explanation:
      'Trees have names and numbers. A call such as os.system among them waits for a loader that evaluates it.',
    remedy: 'Find out what reads the value before loading; ask the publisher why it is there.',
    on: ['ubjson.code-text'],
  }),
  defineRule({
    id: 'XGB-FORMAT-001',
    title: 'Binary JSON that is no XGBoost model',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'No other kind of model is known to be stored this way, so that what its values mean is unknown.',
    remedy: 'Find out what reads the file before loading.',
    on: ['ubjson.unknown'],
  }),
]
