import { defineRule, type Rule } from './define-rule.ts'

export const executableRules: readonly Rule[] = [
  defineRule({
    id: 'EXE-FILE-001',
    title: 'An executable is part of the model',
    severity: 'high',
    cwe: 'CWE-506',
    explanation:
      'Models are data. A program, a library or a shortcut among them is there to be run on the machine of whoever downloads it.',
    remedy: 'Do not run it. Leave the file out of the import, or ask the publisher why it is there.',
    on: ['exe.present'],
  }),
  defineRule({
    id: 'EXE-SCRIPT-001',
    title: 'A script is part of the model',
    severity: 'high',
    cwe: 'CWE-506',
    explanation:
      'A script that names its interpreter runs when someone starts it, or when a loader or pipeline calls it.',
    remedy: 'Read the script before anyone runs it; leave it out of the import when nothing needs it.',
    on: ['exe.script'],
  }),
]
