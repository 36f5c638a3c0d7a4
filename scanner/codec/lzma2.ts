import type { Input } from './input.ts'
import { checkDictionary } from './lzma.ts'
import { brokenLzma, createLzmaDecoder, longestMatch, lzmaProperties } from './lzma-decoder.ts'
import type { UnpackStream } from './types.ts'
import { createWindow, streamFrom } from './window.ts'

/** Size of the dictionary that one byte of LZMA2 properties stands for. Source: The .xz File Format, section 5.3.1. */
export function lzma2Dictionary(byte: number): number {
  if (byte > 40) throw brokenLzma('its dictionary size does not exist')
  return byte === 40 ? 0xffffffff : (2 | (byte & 1)) * 2 ** ((byte >> 1) + 11)
}

/** LZMA2: chunks of LZMA or of plain bytes, up to an end mark. Source: xz, src/liblzma/lzma/lzma2_decoder.c (control bytes). */
export function lzma2StreamFrom(input: Input, dictionary: number): UnpackStream {
  checkDictionary(dictionary)
  const window = createWindow(Math.max(4096, dictionary))
  const decoder = createLzmaDecoder(window, input)
  let needsReset = true
  let needsProperties = true

  function plainChunk(control: number): void {
    if (control > 2) throw brokenLzma('a chunk of an unknown kind')
    if (control === 1) decoder.forget()
    else if (needsReset) throw brokenLzma('its first chunk does not begin a dictionary')
    needsReset = false
    const size = input.byte() * 256 + input.byte() + 1
    window.room(size)
    for (let left = size; left > 0; ) {
      const part = input.some(left)
      if (part.length === 0) throw brokenLzma('it ends too early')
      window.bytes.set(part, window.at)
      window.at += part.length
      left -= part.length
    }
    decoder.skipped(size)
  }

  function packedChunk(control: number): void {
    const size = (control & 31) * 65536 + input.byte() * 256 + input.byte() + 1
    const packed = input.byte() * 256 + input.byte() + 1
    const reset = (control >> 5) & 3
    if (reset === 3) decoder.forget()
    else if (needsReset) throw brokenLzma('its first chunk does not begin a dictionary')
    needsReset = false
    const begun = input.used()
    if (reset >= 2) {
      properties = lzmaProperties(input.byte())
      if (properties.lc + properties.lp > 4) throw brokenLzma('its properties do not exist')
      needsProperties = false
    }
    if (needsProperties) throw brokenLzma('a chunk without properties')
    if (reset >= 1) decoder.reset(properties)
    const data = reset >= 2 ? begun + 1 : begun
    decoder.start()
    window.room(size + longestMatch)
    if (!decoder.decode(window.at + size)) throw brokenLzma('an end mark inside a chunk')
    if (!decoder.atRest() || input.used() - data !== packed) throw brokenLzma('a chunk has another length than it says')
  }
  let properties = { lc: 0, lp: 0, pb: 0 }

  function produce(): boolean {
    const control = input.byte()
    if (control === 0) return false
    if (control < 128) plainChunk(control)
    else packedChunk(control)
    return true
  }
  return streamFrom(window, produce, input.used)
}
