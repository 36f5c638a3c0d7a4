import { defineFormat } from '../define-format.ts'
import { inspectOnnx } from '../onnx/inspect.ts'
import { isOnnx } from '../onnx/probe.ts'
import { onnxRules } from '../onnx/rules.ts'

/** Source: onnx.proto3. */
export const onnxFormat = defineFormat({
  kind: 'onnx',
  title: 'ONNX model',
  extensions: ['.onnx'],
  probe: ({ head, offset, size }) => (isOnnx(head, size - offset) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectOnnx,
  rules: onnxRules,
})
