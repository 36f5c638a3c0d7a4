import { defineRule, type Rule } from '../rules/define-rule.ts'

export const executorchRules: readonly Rule[] = [
  defineRule({
    id: 'EXECUTORCH-FORMAT-001',
    title: 'No inspector reads all of an ExecuTorch program in this release',
    severity: 'medium',
    cwe: 'CWE-693',
    explanation: 'A program may carry compiled code for a back end. The frame was read, the code was not.',
    remedy: 'Take the program from a source you trust, or export it yourself from the model.',
    on: ['executorch.uninspected'],
  }),
  defineRule({
    id: 'EXECUTORCH-STRUCT-001',
    title: 'The structure of an ExecuTorch file is broken',
    severity: 'medium',
    cwe: 'CWE-125',
    explanation: 'Runtimes that do not verify the file first follow its offsets beyond the end.',
    remedy: 'Download it again and compare its sha256 with the publisher; if it is the same, use another export.',
    on: ['executorch.malformed'],
  }),
]
