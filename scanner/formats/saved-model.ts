import { defineFormat, leaveUninspected } from '../define-format.ts'

/** A TensorFlow SavedModel message: schema version 1 (field 1), then a MetaGraphDef (field 2). Source: saved_model.proto. */
export const savedModelFormat = defineFormat({
  kind: 'tf-savedmodel',
  title: 'TensorFlow SavedModel',
  extensions: ['saved_model.pb'],
  canRun: true,
  // The name decides between this and other protobuf messages with the same first bytes; neither is inspected.
  probe: ({ head, offset, path }) =>
    head[0] === 0x08 && head[1] === 0x01 && head[2] === 0x12 && path.endsWith('.pb')
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: leaveUninspected('TensorFlow SavedModel'),
  rules: [],
})
