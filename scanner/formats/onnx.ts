import { defineFormat, leaveUninspected } from '../define-format.ts'

/**
 * A protobuf message whose first fields are those of onnx.ModelProto: ir_version (1, varint), then producer_name (2), graph (7),
 * opset_import (8) or the like. Source: onnx.proto3.
 */
export const onnxFormat = defineFormat({
  kind: 'onnx',
  title: 'ONNX model',
  extensions: ['.onnx'],
  probe: ({ head, offset }) => (isModel(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: leaveUninspected('ONNX model'),
  rules: [],
})

function isModel(head: Uint8Array): boolean {
  if (head[0] !== 0x08 || (head[1] ?? 0) === 0 || (head[1] ?? 0xff) > 0x20) return false
  // Field numbers 2 to 8, 14, 20 or 25, with the wire type of a string or message, except model_version (5, varint).
  const tag = head[2] ?? 0
  return [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72, 0xa2, 0xca].includes(tag)
}
