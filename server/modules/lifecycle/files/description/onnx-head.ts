export type OnnxHead = {
  opset: number | undefined
  producer: string | undefined
  /** `name: type[dim, dim]`; a dimension is a number, a name, or `?`. */
  inputs: string[]
  outputs: string[]
}

const maxSteps = 100_000
const maxListed = 64
const maxSmall = 64 * 1024
const windowBytes = 256 * 1024

/** Names of onnx.TensorProto.DataType. Source: onnx.proto3. */
const types =
  'undefined float uint8 int8 uint16 int16 int32 int64 string bool float16 double uint32 uint64 complex64 complex128 bfloat16'.split(
    ' ',
  )

/**
 * Walks the fields of an onnx.ModelProto and of its graph, jumping over nodes and weights by their stated lengths; only `opset_import`,
 * the producer, and the graph's inputs and outputs are read. Initializers that are also listed as inputs are left out. Null when the
 * bytes are no such message, or when the walk takes more than 100,000 fields. Source: onnx.proto3.
 */
export async function readOnnxHead(
  read: (offset: number, length: number) => Promise<Uint8Array>,
  size: number,
): Promise<OnnxHead | null> {
  const window = windowOver(read, size)
  const head: OnnxHead = { opset: undefined, producer: undefined, inputs: [], outputs: [] }
  const weights = new Set<string>()
  const found: { input: boolean; bytes: Uint8Array }[] = []
  const budget = { steps: maxSteps }
  try {
    await eachField(window, 0, size, budget, async (field) => {
      if (field.number === 2) head.producer = text(await window.small(field)).slice(0, 100) || undefined
      else if (field.number === 8) head.opset = opsetOf(await window.small(field)) ?? head.opset
      else if (field.number === 7) {
        await eachField(window, field.start, field.end, budget, async (inner) => {
          if (inner.number === 5 && weights.size < 100_000) weights.add(await weightName(window, inner, budget))
          if ((inner.number === 11 || inner.number === 12) && found.length < 4_096) {
            found.push({ input: inner.number === 11, bytes: await window.small(inner) })
          }
        })
      }
    })
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
  for (const { input, bytes } of found) {
    const value = valueInfo(bytes)
    const list = input ? head.inputs : head.outputs
    if (value !== undefined && list.length < maxListed && !(input && weights.has(value.name))) list.push(value.label)
  }
  return head.opset === undefined && head.inputs.length === 0 && head.outputs.length === 0 ? null : head
}

class Malformed extends Error {}

type Field = { number: number; start: number; end: number }
type Window = {
  byte: (offset: number) => Promise<number>
  small: (field: Field) => Promise<Uint8Array>
}

function windowOver(read: (offset: number, length: number) => Promise<Uint8Array>, size: number): Window {
  let at = 0
  let bytes: Uint8Array = new Uint8Array()
  return {
    byte: async (offset) => {
      if (offset >= size) throw new Malformed()
      if (offset < at || offset >= at + bytes.length) {
        bytes = await read(offset, windowBytes)
        at = offset
      }
      const value = bytes[offset - at]
      if (value === undefined) throw new Malformed()
      return value
    },
    small: (field) => read(field.start, Math.min(field.end - field.start, maxSmall)),
  }
}

async function varint(window: Window, offset: number): Promise<{ value: number; next: number }> {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = await window.byte(offset + i)
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) {
      if (!Number.isSafeInteger(value)) throw new Malformed()
      return { value, next: offset + i + 1 }
    }
  }
  throw new Malformed()
}

async function eachField(
  window: Window,
  start: number,
  end: number,
  budget: { steps: number },
  visit: (field: Field) => Promise<void>,
): Promise<void> {
  let offset = start
  while (offset < end) {
    if (--budget.steps < 0) throw new Malformed()
    const tag = await varint(window, offset)
    const wire = tag.value % 8
    if (wire === 0) offset = (await skipVarint(window, tag.next)).next
    else if (wire === 1) offset = tag.next + 8
    else if (wire === 5) offset = tag.next + 4
    else if (wire === 2) {
      const length = await varint(window, tag.next)
      const field = { number: Math.floor(tag.value / 8), start: length.next, end: length.next + length.value }
      if (field.end > end) throw new Malformed()
      await visit(field)
      offset = field.end
    } else throw new Malformed()
  }
}

/** A varint whose value does not matter: negative numbers take ten bytes. */
async function skipVarint(window: Window, offset: number): Promise<{ next: number }> {
  for (let i = 0; i < 10; i++) if ((await window.byte(offset + i)) < 0x80) return { next: offset + i + 1 }
  throw new Malformed()
}

/** `name` (8) of a TensorProto stands before its `raw_data` (9). */
async function weightName(window: Window, tensor: Field, budget: { steps: number }): Promise<string> {
  let name = ''
  await eachField(window, tensor.start, tensor.end, budget, async (field) => {
    if (field.number === 8) name = text(await window.small(field))
  })
  return name
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).replaceAll(/[^\P{C}]/gu, '')

/** The fields of a small message already in memory; ends silently where it is broken. */
function* fieldsOf(bytes: Uint8Array): Generator<{ number: number; value: number; body: Uint8Array }> {
  let offset = 0
  const next = (): number => {
    let value = 0
    for (let i = 0; i < 10; i++) {
      const byte = bytes[offset++]
      if (byte === undefined) return Number.NaN
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    return Number.NaN
  }
  for (let i = 0; i < 1_000 && offset < bytes.length; i++) {
    const tag = next()
    const wire = tag % 8
    if (wire === 0) yield { number: Math.floor(tag / 8), value: next(), body: new Uint8Array() }
    else if (wire === 2) {
      const length = next()
      if (!(length <= bytes.length - offset)) return
      yield { number: Math.floor(tag / 8), value: 0, body: bytes.subarray(offset, offset + length) }
      offset += length
    } else return
  }
}

/** `version` (2) of the operator set without a domain (1), which is the one of ONNX itself. */
function opsetOf(bytes: Uint8Array): number | undefined {
  let domain = ''
  let version: number | undefined
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) domain = text(field.body)
    if (field.number === 2 && field.value < 10_000) version = field.value
  }
  return domain === '' || domain === 'ai.onnx' ? version : undefined
}

const child = (bytes: Uint8Array, number: number) => [...fieldsOf(bytes)].find((field) => field.number === number)?.body

/** ValueInfoProto: name (1), type (2) → tensor_type (1) → elem_type (1), shape (2) → dim (1) → value (1) or name (2). */
function valueInfo(bytes: Uint8Array): { name: string; label: string } | undefined {
  const name = text(child(bytes, 1) ?? new Uint8Array())
  if (name === '') return undefined
  const tensor = child(child(bytes, 2) ?? new Uint8Array(), 1)
  if (tensor === undefined) return { name, label: name.slice(0, 100) }
  const type = [...fieldsOf(tensor)].find((field) => field.number === 1)?.value ?? 0
  const dims = [...fieldsOf(child(tensor, 2) ?? new Uint8Array())]
    .filter((field) => field.number === 1)
    .slice(0, 16)
    .map((field) => {
      const [dim] = fieldsOf(field.body)
      return dim === undefined ? '?' : dim.number === 2 ? text(dim.body).slice(0, 40) : String(dim.value)
    })
  return { name, label: `${name.slice(0, 100)}: ${types[type] ?? `type ${type}`}[${dims.join(', ')}]` }
}
