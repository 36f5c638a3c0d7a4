import { noInspectorRule } from '../opaque/rules.ts'
import { defineRule, type Rule } from '../rules/define-rule.ts'

const refuse = 'Do not load it. Ask the publisher for plain data, or for another format.'

export const rdsRules: readonly Rule[] = [
  noInspectorRule(
    'RDS-OPAQUE-001',
    'rds.data',
    'R data',
    'Its nodes were walked, but packages attach a meaning of their own to them when they are loaded.',
    'Load it in a sandbox, or ask the publisher for tables in a plain format.',
  ),
  defineRule({
    id: 'RDS-CODE-001',
    title: 'R data holds a promise',
    severity: 'high',
    cwe: 'CWE-502',
    explanation:
      'A promise is code that runs when its value is first looked at, which reading the file does (CVE-2024-27322).',
    remedy: refuse,
    on: ['rds.promise'],
  }),
  defineRule({
    id: 'RDS-CODE-002',
    title: 'R data holds byte code',
    severity: 'high',
    cwe: 'CWE-502',
    explanation: 'Compiled code cannot be read by a person, and no inspector follows it.',
    remedy: refuse,
    on: ['rds.bytecode'],
  }),
  defineRule({
    id: 'RDS-CODE-003',
    title: 'R data holds a function',
    severity: 'high',
    cwe: 'CWE-502',
    explanation: 'Methods of the model find it by its name and call it, printing the model among them.',
    remedy: refuse,
    on: ['rds.closure', 'rds.builtin'],
  }),
  defineRule({
    id: 'RDS-CODE-004',
    title: 'R data holds an environment',
    severity: 'high',
    cwe: 'CWE-502',
    explanation: 'An environment can hold promises, active bindings and finalizers, which run without being called.',
    remedy: refuse,
    on: ['rds.environment', 'rds.persistent'],
  }),
  defineRule({
    id: 'RDS-CODE-005',
    title: 'R data names a function that runs programs or code',
    severity: 'medium',
    cwe: 'CWE-502',
    explanation: 'The name stands in the data; what looks it up would call it.',
    remedy: refuse,
    on: ['rds.name', 'rds.expression'],
  }),
  defineRule({
    id: 'RDS-POINTER-001',
    title: 'R data holds a pointer into memory',
    severity: 'medium',
    cwe: 'CWE-822',
    explanation: 'Pointers mean nothing in another process; packages that use them anyway read wrong memory.',
    remedy: 'Ask the publisher for a model that its package saved by its own means.',
    on: ['rds.pointer'],
  }),
  defineRule({
    id: 'RDS-BOUNDS-001',
    title: 'R data is broken',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'Its nodes break off, are of an unknown kind, or go beyond the end of the file.',
    remedy: 'Ask the publisher for an intact export; a cut download looks the same.',
    on: ['rds.malformed'],
  }),
  defineRule({
    id: 'RDS-BOUNDS-002',
    title: 'R data nests without reason',
    severity: 'high',
    cwe: 'CWE-674',
    explanation: 'Recursive readers run out of stack and crash.',
    remedy: 'Do not load it; no model needs such a file.',
    on: ['rds.depth'],
  }),
]
