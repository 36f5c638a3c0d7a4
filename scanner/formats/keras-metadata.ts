import { defineFormat } from '../define-format.ts'
import { inspectTensorflow } from '../tensorflow/inspect.ts'
import { isKerasMetadata } from '../tensorflow/probe.ts'

/** What Keras saves about its layers beside a SavedModel (keras_metadata.pb). Source: saved_metadata.proto. */
export const kerasMetadataFormat = defineFormat({
  kind: 'keras-metadata',
  title: 'Keras metadata of a SavedModel',
  extensions: ['keras_metadata.pb'],
  canRun: true,
  probe: ({ head, offset, size }) =>
    isKerasMetadata(head, size - offset) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectTensorflow('SavedMetadata'),
  rules: [],
})
