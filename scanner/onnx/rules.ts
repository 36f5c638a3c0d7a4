import { defineRule, type Rule } from '../rules/define-rule.ts'

export const onnxRules: readonly Rule[] = [
  defineRule({
    id: 'ONNX-EXT-001',
    title: 'An ONNX model takes weights from a place outside its folder',
    severity: 'critical',
    cwe: 'CWE-22',
    explanation:
      'Loaders join the location of external data to the folder of the model. An absolute path, a drive, a URL or `..` makes them read any file of the machine into the model, where its outputs reveal it.',
    remedy: 'Do not load it. Ask the publisher for a model whose external data lies beside it.',
    on: ['onnx.external-path'],
  }),
  defineRule({
    id: 'ONNX-EXT-002',
    title: 'An ONNX model names its external weights in a way that systems read differently',
    severity: 'high',
    cwe: 'CWE-22',
    explanation:
      'An empty name, a backslash or a control character is a plain name on one system and a path on another, so that a check on the one does not hold on the other.',
    remedy: 'Ask the publisher to save the model again with a plain file name for its external data.',
    on: ['onnx.external-name'],
  }),
  defineRule({
    id: 'ONNX-EXT-003',
    title: 'The place of external weights is not a valid offset or length',
    severity: 'high',
    cwe: 'CWE-190',
    explanation: 'Loaders that compute with negative or enormous offsets read beyond their buffers.',
    remedy: 'Do not load it. Ask the publisher to save the model again.',
    on: ['onnx.external-value'],
  }),
  defineRule({
    id: 'ONNX-OP-001',
    title: 'An ONNX graph calls an operator that is not part of ONNX or ONNX Runtime',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation:
      'The name means whatever native library or function the loading process has registered under it; nothing in the file says what it does.',
    remedy:
      'Find out which library the operator comes from and review it, or export the model with standard operators.',
    on: ['onnx.op-custom'],
  }),
  defineRule({
    id: 'ONNX-OP-002',
    title: 'An ONNX graph runs Python',
    severity: 'critical',
    cwe: 'CWE-94',
    explanation: 'Python operators call functions of the process that runs the model, with values the model chooses.',
    remedy: 'Do not run it. Ask for an export with standard operators.',
    on: ['onnx.op-python'],
  }),
  defineRule({
    id: 'ONNX-OP-003',
    title: 'An ONNX graph needs an operator library to be loaded',
    severity: 'high',
    cwe: 'CWE-829',
    explanation:
      'Operators of onnxruntime-extensions are native code outside the runtime; some of them run Python or read files.',
    remedy: 'Check which operators are used and whether the library is one that you build or trust.',
    on: ['onnx.op-extension'],
  }),
  defineRule({
    id: 'ONNX-OP-004',
    title: 'An ONNX graph holds or names a compiled engine',
    severity: 'medium',
    cwe: 'CWE-829',
    explanation:
      'A compiled engine is native code for an accelerator. It cannot be inspected; only its origin can be trusted.',
    remedy: 'Compile the engine yourself from the portable model.',
    on: ['onnx.op-engine'],
  }),
  defineRule({
    id: 'ONNX-OP-005',
    title: 'An ONNX graph needs operators of ONNX Runtime',
    severity: 'info',
    cwe: 'CWE-1104',
    explanation: 'Operators of the domain com.microsoft ship with ONNX Runtime; other runtimes do not have them.',
    remedy: 'Nothing to do when the model is served by ONNX Runtime.',
    on: ['onnx.op-contributed'],
  }),
  defineRule({
    id: 'ONNX-META-001',
    title: 'The metadata of an ONNX model reads as code',
    severity: 'medium',
    cwe: 'CWE-94',
    explanation: 'Metadata is data for people and tools. Code in it is there for a tool that runs it.',
    remedy: 'Read the value, and do not use tools that evaluate the metadata.',
    on: ['onnx.metadata-code'],
  }),
  defineRule({
    id: 'ONNX-BOUNDS-001',
    title: 'A tensor of an ONNX model has another size than its shape and type say',
    severity: 'medium',
    cwe: 'CWE-130',
    explanation: 'Loaders that trust the shape read beyond the data; what exceeds the shape is data that no one reads.',
    remedy: 'Ask the publisher to export the model again.',
    on: ['onnx.tensor-size'],
  }),
  defineRule({
    id: 'ONNX-STRUCT-001',
    title: 'The structure of an ONNX file is broken',
    severity: 'medium',
    cwe: 'CWE-20',
    explanation:
      'Behind the break nothing can be checked. Strict loaders refuse the file; lenient ones may read it differently.',
    remedy: 'Download it again and compare its sha256 with the publisher; if it is the same, use another export.',
    on: ['onnx.malformed'],
  }),
]
