import type { UnpackStream } from './types.ts'

/** Passes a stream on, shows every byte to `see` and calls `check` at its end, which throws where a checksum or size disagrees. */
export function verified(
  stream: UnpackStream,
  see: (bytes: Uint8Array) => void,
  check: () => void,
  consumed: () => number = stream.consumed,
): UnpackStream {
  let checked = false
  return {
    consumed,
    read: (max) => {
      const bytes = stream.read(max)
      if (bytes.length > 0) see(bytes)
      else if (!checked) {
        check()
        checked = true
      }
      return bytes
    },
  }
}
