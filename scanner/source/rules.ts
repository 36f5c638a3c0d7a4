import { defineRule, type Rule } from '../rules/define-rule.ts'

export const sourceRules: readonly Rule[] = [
  defineRule({
    id: 'SRC-RUN-001',
    title: 'Program text fetches and runs, or opens a shell',
    severity: 'high',
    cwe: 'CWE-506',
    explanation: 'Whoever runs it, by hand or in a build, hands the machine to whoever wrote it.',
    remedy: 'Do not run it. Leave the file out of the import, and ask the publisher why it is there.',
    on: ['source.hostile'],
  }),
  defineRule({
    id: 'SRC-OPEN-001',
    title: 'A file that desktop systems run when it is opened',
    severity: 'medium',
    cwe: 'CWE-434',
    explanation: 'A double click is enough to run it. No model needs such a file.',
    remedy: 'Leave the file out of the import.',
    on: ['source.opens'],
  }),
]
