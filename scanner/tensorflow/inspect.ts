import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { analyzeKerasConfig } from '../keras/analyze-config.ts'
import { leavesFolder } from '../path.ts'
import { isPlainText } from '../protobuf/plain-text.ts'
import { type Message, textOf } from '../protobuf/types.ts'
import { type Walk, walkProtobuf } from '../protobuf/walk.ts'
import { checkTensor } from './check-tensor.ts'
import { createGraphFacts } from './graph-facts.ts'
import { tensorflowSchema } from './schema.ts'
import type { TensorflowHeader } from './types.ts'

const maxListed = 64
const maxOperators = 300

const kinds = {
  SavedModel: 'tf-savedmodel',
  MetaGraph: 'tf-graph',
  Graph: 'tf-graph',
  SavedMetadata: 'keras-metadata',
} as const

/**
 * Reads a TensorFlow message in full: the operators of graphs and functions, assets, and what Keras saved about its layers.
 * @param root the outermost message
 */
export function inspectTensorflow(root: keyof typeof kinds): (context: InspectContext) => Inspected {
  return (context) => {
    const graph = createGraphFacts(context)
    const tags: string[] = []
    const signatures: string[] = []
    const assets: string[] = []
    let tensorflowVersion: string | undefined
    const keep = (list: string[], values: readonly string[]): void => {
      for (const value of values) if (list.length < maxListed) list.push(value.slice(0, 200))
    }

    function leave(message: Message): void {
      if (message.type === 'Node') graph.node(message)
      else if (message.type === 'Tensor') checkTensor(message, context)
      else if (message.type === 'Function') graph.function(message)
      else if (message.type === 'AttrList' || message.type === 'FloatList' || message.type === 'StackTrace') {
        // Lists of numbers that no shape goes with, only that they are whole numbers of their width.
        for (const ranges of message.ranges.values())
          for (const range of ranges) context.cover(range.offset, range.length, 'tensor')
      } else if (message.type === 'MetaInfo') {
        keep(tags, message.texts.get('tags') ?? [])
        tensorflowVersion ??= message.texts.get('tensorflowVersion')?.[0]?.slice(0, 64)
      } else if (message.type === 'SignatureEntry') keep(signatures, message.texts.get('key') ?? [])
      else if (message.type === 'AssetFile') {
        keep(assets, message.texts.get('filename') ?? [])
        noteAsset(message, context)
      } else if (message.type === 'UserObject' || message.type === 'KerasNode') readKerasMetadata(message, context)
    }

    const read = (): Walk => {
      try {
        return walkProtobuf(context, { schema: tensorflowSchema, root, malformed: 'tf.malformed', leave })
      } finally {
        // Also when the time is up.
        graph.finish()
      }
    }
    const { root: outermost, end, whole } = read()
    if (whole && root === 'SavedModel' && !outermost.counts.has('metaGraph'))
      context.observe({ code: 'tf.malformed', offset: context.offset, detail: 'there is no graph' })

    const header: TensorflowHeader = {
      kind: kinds[root],
      ...(tensorflowVersion === undefined ? {} : { tensorflowVersion }),
      tags,
      signatures,
      nodes: graph.nodes(),
      functions: graph.functions(),
      operators: Object.fromEntries(
        [...graph.operators()].slice(0, maxOperators).map(([name, { count }]) => [name.slice(0, 100), count]),
      ),
      assets,
    }
    return { header, end }
  }
}

function noteAsset(asset: Message, { observe }: InspectContext): void {
  for (const name of asset.texts.get('filename') ?? []) {
    const leaves = leavesFolder(name)
    if (leaves !== undefined)
      observe({
        code: 'tf.asset-path',
        offset: asset.range.offset,
        evidence: escapeText(name),
        detail: `${leaves} ${escapeText(name, 120)}`,
      })
  }
}

/** Keras keeps the configuration of each layer as JSON beside the graph. */
function readKerasMetadata(message: Message, context: InspectContext): void {
  const member = textOf(message, 'path') || textOf(message, 'identifier')
  for (const { offset, length } of message.ranges.get('metadata') ?? []) {
    if (length === 0) continue
    if (!isPlainText(context.reader, offset, length)) continue
    const first = context.reader.read(offset, 1)[0]
    // Anything else than an object is a note for the class that wrote it.
    if (
      first !== 0x7b ||
      analyzeKerasConfig({ reader: context.reader, offset, length, member, certain: true }, context.observe)
    )
      context.cover(offset, length, 'parsed')
  }
}
