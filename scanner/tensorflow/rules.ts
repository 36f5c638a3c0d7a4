import { defineRule, type Rule } from '../rules/define-rule.ts'

const ask =
  'Do not load or serve it. Ask the publisher for a model without the operator, or build it from code you have read.'

export const tensorflowRules: readonly Rule[] = [
  defineRule({
    id: 'TF-OP-001',
    title: 'A TensorFlow graph runs Python functions',
    severity: 'critical',
    cwe: 'CWE-94',
    explanation:
      'PyFunc and its relatives call a function of the process by number or by token, whenever the graph runs.',
    remedy: ask,
    on: ['tf.op-python'],
  }),
  defineRule({
    id: 'TF-OP-002',
    title: 'A TensorFlow graph reads files of the machine',
    severity: 'high',
    cwe: 'CWE-73',
    explanation:
      'The operator opens any file that the serving process may read, and the answer of the model can carry its content out.',
    remedy: ask,
    on: ['tf.op-read'],
  }),
  defineRule({
    id: 'TF-OP-003',
    title: 'A TensorFlow graph writes files of the machine',
    severity: 'high',
    cwe: 'CWE-73',
    explanation:
      'The operator creates or overwrites any file that the serving process may write: keys, start-up scripts, code.',
    remedy: ask,
    on: ['tf.op-write'],
  }),
  defineRule({
    id: 'TF-OP-004',
    title: 'A TensorFlow graph reaches the network or other processes',
    severity: 'high',
    cwe: 'CWE-918',
    explanation: 'The operator connects to an address from inside your network whenever the graph runs.',
    remedy: ask,
    on: ['tf.op-network'],
  }),
  defineRule({
    id: 'TF-OP-005',
    title: 'A TensorFlow graph has an operator whose name says that it runs programs or loads code',
    severity: 'high',
    cwe: 'CWE-829',
    explanation: 'No operator of TensorFlow has this name; a library that must be loaded beside the model brings it.',
    remedy: ask,
    on: ['tf.op-run'],
  }),
  defineRule({
    id: 'TF-OP-006',
    title: 'A TensorFlow graph needs an operator that is not part of TensorFlow',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation:
      'The operator is native code of a library that must be loaded first; nothing in the file says what it does.',
    remedy: 'Find out which library brings the operator and whether you trust it, or export the model without it.',
    on: ['tf.op-custom'],
  }),
  defineRule({
    id: 'TF-OP-007',
    title: 'A TensorFlow graph holds a compiled engine',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation:
      'A compiled engine is native code for an accelerator. It cannot be inspected; only its origin can be trusted.',
    remedy: 'Compile the engine yourself from the portable model.',
    on: ['tf.op-engine'],
  }),
  defineRule({
    id: 'TF-OP-008',
    title: 'A TensorFlow graph prints, and does not say where to',
    severity: 'medium',
    cwe: 'CWE-73',
    explanation:
      'PrintV2 writes to a file as well as to the console; which of both is decided outside of what is stated here.',
    remedy: 'Export the model without print statements.',
    on: ['tf.print-unknown'],
  }),
  defineRule({
    id: 'TF-OP-009',
    title: 'A TensorFlow graph prints its values to the console',
    severity: 'low',
    cwe: 'CWE-532',
    explanation: 'Inputs of users end up in the log of the server.',
    remedy: 'Export the model without print statements.',
    on: ['tf.print'],
  }),
  defineRule({
    id: 'TF-PATH-001',
    title: 'A TensorFlow graph names a fixed place outside the model',
    severity: 'high',
    cwe: 'CWE-22',
    explanation:
      'Saving, restoring and table operators get their file from the caller; a constant path reads or overwrites that file.',
    remedy: ask,
    on: ['tf.fixed-path'],
  }),
  defineRule({
    id: 'TF-ASSET-001',
    title: 'An asset of a SavedModel lies outside its folder',
    severity: 'high',
    cwe: 'CWE-22',
    explanation:
      'TensorFlow joins the name to the folder of the model, so that `..` or an absolute name opens another file.',
    remedy: 'Do not load it. Ask the publisher to save the model again.',
    on: ['tf.asset-path'],
  }),
  defineRule({
    id: 'TF-BOUNDS-001',
    title: 'A constant of a TensorFlow graph has another size than its shape and type say',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'What exceeds the shape is data that no operator reads; what is missing is read beyond the end.',
    remedy: 'Ask the publisher to export the model again.',
    on: ['tf.tensor-size'],
  }),
  defineRule({
    id: 'TF-STRUCT-001',
    title: 'The structure of a TensorFlow file is broken',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation: 'Behind the break nothing can be checked.',
    remedy: 'Download it again and compare its sha256 with the publisher; if it is the same, use another export.',
    on: ['tf.malformed'],
  }),
]
