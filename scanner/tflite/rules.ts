import { defineRule, type Rule } from '../rules/define-rule.ts'

export const tfliteRules: readonly Rule[] = [
  defineRule({
    id: 'TFLITE-OP-001',
    title: 'A TensorFlow Lite model needs an operator that is not part of the runtime',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation:
      'The operator is native code of the application or of a library; nothing in the file says what it does.',
    remedy: 'Find out which library brings the operator and whether you trust it.',
    on: ['tflite.op-custom'],
  }),
  defineRule({
    id: 'TFLITE-OP-002',
    title: 'A TensorFlow Lite model needs the whole of TensorFlow',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation: 'Flex operators run TensorFlow kernels, which reach much more than those of TensorFlow Lite.',
    remedy: 'Convert the model with built-in operators only, or review the operators it names.',
    on: ['tflite.op-flex'],
  }),
  defineRule({
    id: 'TFLITE-OP-003',
    title: 'A TensorFlow Lite model has an operator that runs code or reaches files or the network',
    severity: 'high',
    cwe: 'CWE-73',
    explanation: 'The operator acts on the machine with the rights of the process whenever the model runs.',
    remedy: 'Do not run it. Ask the publisher for a model without the operator.',
    on: ['tflite.op-runs'],
  }),
  defineRule({
    id: 'TFLITE-BOUNDS-001',
    title: 'A tensor of a TensorFlow Lite model has another size than its shape and type say',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation:
      'Kernels that trust the shape read beyond the data; what exceeds the shape is data that no kernel reads.',
    remedy: 'Ask the publisher to convert the model again.',
    on: ['tflite.tensor-size'],
  }),
  defineRule({
    id: 'TFLITE-BOUNDS-002',
    title: 'A tensor of a TensorFlow Lite model has an impossible shape',
    severity: 'high',
    cwe: 'CWE-190',
    explanation: 'Products of such sizes overflow, after which kernels write beyond their memory.',
    remedy: 'Do not run it; no model needs such a tensor.',
    on: ['tflite.shape'],
  }),
  defineRule({
    id: 'TFLITE-STRUCT-001',
    title: 'The structure of a TensorFlow Lite file is broken',
    severity: 'medium',
    cwe: 'CWE-125',
    explanation: 'Runtimes that do not verify the file first follow its offsets beyond the end.',
    remedy: 'Download it again and compare its sha256 with the publisher; if it is the same, use another export.',
    on: ['tflite.malformed'],
  }),
]
