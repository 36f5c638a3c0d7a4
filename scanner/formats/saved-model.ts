import { defineFormat } from '../define-format.ts'
import { inspectTensorflow } from '../tensorflow/inspect.ts'
import { isSavedModel } from '../tensorflow/probe.ts'
import { tensorflowRules } from '../tensorflow/rules.ts'

/** A TensorFlow SavedModel message: schema version 1 and graphs. Source: saved_model.proto. */
export const savedModelFormat = defineFormat({
  kind: 'tf-savedmodel',
  title: 'TensorFlow SavedModel',
  extensions: ['saved_model.pb'],
  canRun: true,
  probe: ({ head, offset, size }) =>
    isSavedModel(head, size - offset) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectTensorflow('SavedModel'),
  rules: tensorflowRules,
})
