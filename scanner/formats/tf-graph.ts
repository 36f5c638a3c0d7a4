import { defineFormat } from '../define-format.ts'
import { inspectTensorflow } from '../tensorflow/inspect.ts'
import { isGraph, isMetaGraphFile } from '../tensorflow/probe.ts'

/** A frozen graph (GraphDef) or the `.meta` of a TensorFlow 1 checkpoint (MetaGraphDef). Source: graph.proto, meta_graph.proto. */
export const tfGraphFormat = defineFormat({
  kind: 'tf-graph',
  title: 'TensorFlow graph',
  canRun: true,
  probe: ({ head, offset, size }) =>
    isGraph(head, size - offset) || isMetaGraphFile(head, size - offset)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: (context) => {
    const head = context.reader.read(context.offset, 64 * 1024)
    return inspectTensorflow(isGraph(head, context.length) ? 'Graph' : 'MetaGraph')(context)
  },
  // They are the same as those of a SavedModel.
  rules: [],
})
