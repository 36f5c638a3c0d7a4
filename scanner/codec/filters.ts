import { BrokenStream, type UnpackStream } from './types.ts'

/**
 * Undoes a reversible change of bytes in place: the first `length` bytes of `bytes`, which stand at `position` of the whole.
 * Returns how many are final; the rest is given again with more behind it, and stays as it is at the end.
 */
export type Filter = (bytes: Uint8Array, length: number, position: number) => number

const chunk = 64 * 1024

/** A stream with a filter undone. */
export function filtered(stream: UnpackStream, filter: Filter): UnpackStream {
  const bytes = new Uint8Array(chunk)
  let length = 0
  let ready = 0
  let given = 0
  let position = 0
  let ended = false
  return {
    consumed: stream.consumed,
    read: (max) => {
      while (given === ready && !ended) {
        bytes.copyWithin(0, ready, length)
        length -= ready
        position += ready
        given = ready = 0
        const part = stream.read(chunk - length)
        ended = part.length === 0
        bytes.set(part, length)
        length += part.length
        ready = ended ? length : filter(bytes, length, position)
      }
      const part = bytes.subarray(given, Math.min(ready, given + max))
      given += part.length
      return part
    },
  }
}

/** Each byte is stored as its difference to the one `distance` before. Source: The .xz File Format, section 5.3.3. */
export function deltaFilter(distance: number): Filter {
  const history = new Uint8Array(256)
  let at = 0
  return (bytes, length) => {
    for (let i = 0; i < length; i++) {
      const value = ((bytes[i] as number) + (history[(at - distance) & 255] as number)) & 255
      bytes[i] = value
      history[at++ & 255] = value
    }
    return length
  }
}

/** Branch converters by their number in xz; 7z uses the same code under other numbers. Source: The .xz File Format, section 5.3.2. */
export function branchFilter(id: number): Filter {
  if (id === 4) return x86Filter()
  if (id === 5) return words(4, true, (word, at) => ((word & 0xfc000003) === 0x48000001 ? branch26(word, at) : word))
  if (id === 7)
    return words(4, false, (word, at) =>
      word >>> 24 === 0xeb ? 0xeb000000 | ((((word << 2) - at - 8) >>> 2) & 0xffffff) : word,
    )
  if (id === 8) return thumbFilter
  if (id === 9) return words(4, true, sparc)
  if (id === 10) return words(4, false, arm64)
  throw new BrokenStream('archive.opaque', `packed with branch converter ${id}`)
}

function branch26(word: number, at: number): number {
  return 0x48000000 | (((word & 0x03fffffc) - at) & 0x03fffffc) | (word & 3)
}

function sparc(word: number, at: number): number {
  const top = word >>> 22
  if (top !== 0x100 && top !== 0x1ff) return word
  const target = ((word << 2) - at) >>> 2
  return (((0 - ((target >>> 22) & 1)) << 22) & 0x3fffffff) | (target & 0x3fffff) | 0x40000000
}

function arm64(word: number, at: number): number {
  if (word >>> 26 === 0x25) return 0x94000000 | ((word - (at >>> 2)) & 0x03ffffff)
  if ((word & 0x9f000000) >>> 0 !== 0x90000000) return word
  const source = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc)
  // Only pages within 512 MiB were converted.
  if (((source + 0x020000) & 0x1c0000) !== 0) return word
  const target = source - (at >>> 12)
  return (
    (word & 0x9000001f) | ((target & 3) << 29) | ((target & 0x03fffc) << 3) | ((0 - (target & 0x020000)) & 0xe00000)
  )
}

/** Changes each aligned word that `convert` knows. */
function words(size: number, big: boolean, convert: (word: number, at: number) => number): Filter {
  return (bytes, length, position) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let i = 0
    for (; i + size <= length; i += size) {
      const word = view.getUint32(i, !big)
      const converted = convert(word, (position + i) | 0)
      if (converted !== word) view.setUint32(i, converted, !big)
    }
    return i
  }
}

function thumbFilter(bytes: Uint8Array, length: number, position: number): number {
  let i = 0
  for (; i + 4 <= length; i += 2) {
    const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(i, i + 4)
    if ((b & 0xf8) !== 0xf0 || (d & 0xf8) !== 0xf8) continue
    const source = ((b & 7) << 19) | (a << 11) | ((d & 7) << 8) | c
    const target = ((source << 1) - ((position + i) | 0) - 4) >>> 1
    bytes[i + 1] = 0xf0 | ((target >>> 19) & 7)
    bytes[i] = target >>> 11
    bytes[i + 3] = 0xf8 | ((target >>> 8) & 7)
    bytes[i + 2] = target
    i += 2
  }
  return i
}

/** Bits of the mask of recent opcodes that decide which byte of the address was ambiguous. */
const maskBits = [0, 1, 2, 2, 3]

/** Turns the absolute targets of CALL and JMP back into relative ones. Source: liblzma's description of the x86 filter. */
function x86Filter(): Filter {
  let mask = 0
  let last = -5
  const isEdge = (byte: number): boolean => byte === 0 || byte === 0xff
  return (bytes, length, position) => {
    if (length < 5) return 0
    if (position - last > 5) last = position - 5
    let i = 0
    while (i <= length - 5) {
      if (((bytes[i] as number) & 0xfe) !== 0xe8) {
        i += 1
        continue
      }
      const since = position + i - last
      last = position + i
      mask = since > 5 ? 0 : shifted(mask, since)
      const top = bytes[i + 4] as number
      const recent = mask >> 1
      if (!isEdge(top) || recent > 4 || recent === 3) {
        i += 1
        mask |= isEdge(top) ? 0x11 : 1
        continue
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset + i + 1, 4)
      const at = (position + i + 5) | 0
      let target = (view.getUint32(0, true) - at) >>> 0
      while (mask !== 0) {
        const shift = (maskBits[recent] as number) * 8
        if (!isEdge((target >>> (24 - shift)) & 0xff)) break
        const low = shift === 0 ? 0xffffffff : 2 ** (32 - shift) - 1
        target = (((target ^ low) >>> 0) - at) >>> 0
      }
      view.setUint32(0, (target & 0x1ffffff) | (((target >>> 24) & 1) === 1 ? 0xff000000 : 0), true)
      i += 5
      mask = 0
    }
    return i
  }
}

function shifted(mask: number, by: number): number {
  let result = mask
  for (let i = 0; i < by; i++) result = (result & 0x77) << 1
  return result
}
