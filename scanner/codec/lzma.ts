import type { Reader } from '../reader.ts'
import { type Input, inputOf } from './input.ts'
import { brokenLzma, createLzmaDecoder, type LzmaProperties, longestMatch, lzmaProperties } from './lzma-decoder.ts'
import { BrokenStream, maxDictionary, type UnpackStream } from './types.ts'
import { createWindow, growingChunk, streamFrom } from './window.ts'

/** Unpacks an LZMA-alone file: properties, dictionary size, unpacked size or all ones, data. */
export function lzmaAloneStream(reader: Reader, offset: number, length: number): UnpackStream {
  const input = inputOf(reader, offset, length)
  const properties = lzmaProperties(input.byte())
  const dictionary = input.u32()
  const size = input.u64()
  return lzmaStreamFrom(input, properties, dictionary, size >= 2 ** 63 ? -1 : size)
}

/**
 * Unpacks LZMA as ZIP stores it: version, length and bytes of properties, data. Source: APPNOTE.TXT, section 5.8.8.
 * @param size bytes of output, or -1 when an end mark says it (bit 1 of the member's flags)
 */
export function zipLzmaStream(reader: Reader, offset: number, length: number, size: number): UnpackStream {
  const input = inputOf(reader, offset, length)
  input.skip(2)
  if (input.u16() !== 5) throw brokenLzma('its properties have another length than five')
  const properties = lzmaProperties(input.byte())
  return lzmaStreamFrom(input, properties, input.u32(), size)
}

/** Raw LZMA. @param size bytes of output, or -1 when only an end mark says it; with a size an end mark may still follow */
export function lzmaStreamFrom(
  input: Input,
  properties: LzmaProperties,
  dictionary: number,
  size: number,
): UnpackStream {
  checkDictionary(dictionary)
  const window = createWindow(Math.max(4096, dictionary))
  const chunk = growingChunk()
  const decoder = createLzmaDecoder(window, input)
  let made = 0
  let started = false

  function produce(): boolean {
    if (!started) {
      decoder.reset(properties)
      decoder.start()
      started = true
    }
    const wanted = size < 0 ? chunk() : Math.min(chunk(), size - made)
    window.room(wanted + longestMatch)
    const before = window.at
    let more: boolean
    try {
      more = decoder.decode(before + wanted)
    } finally {
      made += window.at - before
    }
    if (!more) {
      if (size >= 0 && made < size) throw brokenLzma(`it ends after ${made} of ${size} bytes`)
      return false
    }
    if (made !== size) return true
    // Some writers give the size and an end mark as well.
    if (!decoder.atRest() && decoder.decode(window.at + 1)) {
      window.at -= 1
      throw brokenLzma('it goes on behind its size')
    }
    return false
  }
  return streamFrom(window, produce, input.used)
}

/** Throws when a dictionary is larger than this product keeps. */
export function checkDictionary(size: number): void {
  if (size > maxDictionary) throw new BrokenStream('archive.opaque', `packed with a dictionary of ${size} bytes`)
}
