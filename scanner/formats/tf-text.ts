import { defineFormat } from '../define-format.ts'
import { inspectGraphText, isGraphText } from '../tensorflow/inspect-text.ts'

/** A SavedModel or graph in the text form of protobuf (saved_model.pbtxt, graph.pbtxt). Source: protobuf, text format. */
export const tfTextFormat = defineFormat({
  kind: 'tf-text',
  title: 'TensorFlow graph as text',
  extensions: ['saved_model.pbtxt'],
  canRun: true,
  probe: ({ text, offset }) =>
    text !== undefined && isGraphText(text.slice(0, 40_000)) ? { offset, certainty: 'guess' } : undefined,
  inspect: inspectGraphText,
  // They are the same as those of a SavedModel.
  rules: [],
})
