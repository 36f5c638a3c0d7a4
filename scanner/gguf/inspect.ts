import { createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { analyzeTemplate } from '../template/analyze.ts'
import { buildHeader } from './build-header.ts'
import { checkLayout } from './check-layout.ts'
import { Malformed } from './malformed.ts'
import { type GgufMetadata, readMetadata } from './read-metadata.ts'
import { readTensors } from './read-tensors.ts'
import type { GgufTensor } from './types.ts'

const defaultAlignment = 32
const maxAlignment = 65_536

/**
 * Reads the header of a GGUF file and checks it against the file. Tensor bytes are never read.
 * Source: ggml docs/gguf.md, versions 2 and 3, little-endian.
 */
export function inspectGguf(context: InspectContext): Inspected {
  const { reader, offset, observe, cover } = context
  const end = offset + context.length
  const cursor = createCursor(reader, offset, end)
  let metadata: GgufMetadata = { values: new Map(), templates: [], count: 0 }
  let tensors: GgufTensor[] = []
  let version = 0
  let tensorCount = 0
  let dataStart = end
  let alignment = defaultAlignment
  let structureEnd = end
  let whole = false

  try {
    cursor.skip(4)
    version = cursor.u32()
    if (version !== 2 && version !== 3) throw new Malformed('gguf.version', offset + 4, describeVersion(version))
    tensorCount = cursor.u64()
    const metadataCount = cursor.u64()
    metadata = readMetadata(cursor, metadataCount, observe)
    tensors = readTensors(cursor, tensorCount, observe)
    whole = true
  } catch (error) {
    if (error instanceof Malformed) observe({ code: error.code, offset: error.offset, detail: error.message })
    else if (error instanceof PastEnd) {
      observe({
        code: 'gguf.truncated',
        offset: error.offset,
        detail: `${error.wanted} bytes wanted at ${error.offset}, the file ends at ${end}`,
      })
    } else throw error
  }
  // What was read up to a break is known; what lies behind it is not.
  cover(offset, cursor.position() - offset, 'parsed')

  if (whole) {
    alignment = checkedAlignment(metadata, cursor.position(), observe)
    dataStart = offset + Math.ceil((cursor.position() - offset) / alignment) * alignment
    const readable = tensors.length === tensorCount
    if (tensors.length > 0) {
      const padding = Math.min(dataStart, end) - cursor.position()
      if (reader.read(cursor.position(), padding).every((byte) => byte === 0))
        cover(cursor.position(), padding, 'parsed')
      // Where a tensor could not be sized, the bytes behind the others may be its own.
      structureEnd = checkLayout(
        readable ? context : silent(context),
        tensors,
        Math.min(dataStart, end),
        end,
        alignment,
      )
    } else if (tensorCount === 0) structureEnd = checkLayout(context, [], cursor.position(), end, alignment)
  }

  const templates = metadata.templates.map((template) => analyzeTemplate(template, observe))
  return {
    header: buildHeader({
      version,
      tensorCount,
      metadata,
      tensors,
      tensorDataOffset: dataStart,
      alignment,
      chatTemplates: templates,
    }),
    end: structureEnd,
  }
}

function describeVersion(version: number): string {
  const swapped = ((version & 0xff) << 24) | ((version & 0xff00) << 8) | ((version >>> 8) & 0xff00) | (version >>> 24)
  return swapped === 2 || swapped === 3 ? `big-endian version ${swapped}` : `version ${version}`
}

/** The stated alignment when a loader could use it, else the default, so that reading can go on. */
function checkedAlignment(metadata: GgufMetadata, at: number, observe: InspectContext['observe']): number {
  const stated = metadata.values.get('general.alignment')
  if (stated === undefined) return defaultAlignment
  const usable =
    typeof stated === 'number' && stated > 0 && stated <= maxAlignment && Number.isInteger(Math.log2(stated))
  if (usable) return stated
  observe({
    code: 'gguf.alignment',
    offset: at,
    member: 'general.alignment',
    detail: `alignment ${JSON.stringify(stated)}`,
  })
  return defaultAlignment
}

/** The same work without remarks on holes and the end, which would be false when a tensor is missing from the table. */
function silent(context: InspectContext): InspectContext {
  const doubtful = new Set(['gguf.hole', 'gguf.trailing'])
  return {
    ...context,
    observe: (observation) => (doubtful.has(observation.code) ? undefined : context.observe(observation)),
  }
}
