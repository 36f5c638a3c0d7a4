import { formats } from './formats/index.ts'
import { probeWindow } from './probe.ts'
import { createReader } from './reader.ts'

/**
 * What some bytes look like by their beginning: the format's kind and title, `unknown` when none claims them. Looks at the given bytes
 * only and decides nothing about safety; use it to show files before they are read in full.
 * @param head the first bytes of the file, 64 KiB are enough
 */
export function recognize(head: Uint8Array, path: string): { format: string; title: string } {
  const reader = createReader({
    size: head.length,
    readInto: (target, offset) => {
      const part = head.subarray(offset, offset + target.length)
      target.set(part)
      return part.length
    },
  })
  const window = probeWindow(reader, 0, path)
  let guess: { format: string; title: string } | undefined
  for (const { kind, title, probe } of formats.all) {
    const claim = probe(window)
    if (claim === undefined || claim.offset !== 0) continue
    if (claim.certainty === 'signature') return { format: kind, title }
    guess ??= { format: kind, title }
  }
  return guess ?? { format: 'unknown', title: 'Unknown format' }
}
