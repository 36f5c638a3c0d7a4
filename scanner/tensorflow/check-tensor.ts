import type { InspectContext } from '../define-format.ts'
import { intOf, type Message, messageOf, messagesOf } from '../protobuf/types.ts'
import { elementBytes } from './element-bytes.ts'

/** Proves the storage of a tensor by its shape and type. Lists of numbers may be shorter than the shape: the last one is repeated. */
export function checkTensor(tensor: Message, context: InspectContext): void {
  const dtype = intOf(tensor, 'dtype')
  const elements = elementsOf(tensor)
  const contents = tensor.ranges.get('content') ?? []
  const content = contents.at(-1)
  if (content !== undefined) {
    const each = elementBytes(dtype)
    const wanted = each === undefined || elements === undefined ? undefined : elements * each
    if (wanted === content.length && contents.length === 1) context.cover(content.offset, content.length, 'tensor')
    else
      context.observe({
        code: 'tf.tensor-size',
        offset: content.offset,
        detail: `${content.length} bytes stored, ${wanted === undefined ? 'the shape and type give no size' : `${wanted} by shape and type`}`,
      })
  }
  for (const field of ['floatVal', 'doubleVal', 'scomplexVal', 'dcomplexVal', 'float8Val']) {
    const ranges = tensor.ranges.get(field) ?? []
    const count = tensor.counts.get(field) ?? 0
    const perElement = field.endsWith('complexVal') ? 2 : 1
    const bytes = field === 'float8Val' ? (ranges[0]?.length ?? 0) : count
    if (elements !== undefined && bytes <= elements * perElement)
      for (const range of ranges) context.cover(range.offset, range.length, 'tensor')
  }
}

/** Elements by the shape; a missing shape is a scalar. */
function elementsOf(tensor: Message): number | undefined {
  const shape = messageOf(tensor, 'shape')
  const dims = messagesOf(shape, 'dim')
  if ((shape?.counts.get('dim') ?? 0) !== dims.length || intOf(shape, 'unknownRank') !== 0) return undefined
  let product = 1
  for (const dim of dims) {
    const size = intOf(dim, 'size')
    if (!(size >= 0)) return undefined
    product *= size
    if (product > Number.MAX_SAFE_INTEGER) return undefined
  }
  return product
}
