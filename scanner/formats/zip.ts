import { defineFormat } from '../define-format.ts'
import { hasAt, type ProbeWindow, u16At, u32At } from '../probe.ts'
import { torchRules } from '../torch/rules.ts'
import { u64At } from '../zip/fields.ts'
import { inspectZip } from '../zip/inspect.ts'

/**
 * ZIP by a local header at the start, or by an end-of-central-directory record at the end, which is how archives behind other data
 * are opened. Source: APPNOTE.TXT, sections 4.3.7 and 4.3.16. Torch, Keras and npz files are zips: their members tell.
 */
export const zipFormat = defineFormat({
  kind: 'zip',
  title: 'ZIP archive (also torch, Keras, npz)',
  extensions: ['.zip', '.npz', '.keras'],
  canRun: true,
  probe: (window) => {
    const { head, offset } = window
    if (hasAt(head, 0, [0x50, 0x4b, 0x03, 0x04])) return { offset, certainty: 'signature' }
    const start = startByDirectory(window)
    return start === undefined ? undefined : { offset: start, certainty: 'signature' }
  },
  inspect: inspectZip,
  rules: torchRules,
})

/**
 * Where the archive begins according to a plausible end record in the tail: one that leads to a directory, or, when the directory is
 * beyond the window, that ends with the file.
 */
function startByDirectory({ tail, tailOffset, offset, size }: ProbeWindow): number | undefined {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail[at] !== 0x50 || !hasAt(tail, at, [0x50, 0x4b, 0x05, 0x06])) continue
    // The ZIP64 record stands right in front of its locator, which stands right in front of this record.
    const isWide = hasAt(tail, at - 20, [0x50, 0x4b, 0x06, 0x07]) && hasAt(tail, at - 76, [0x50, 0x4b, 0x06, 0x06])
    const length = isWide ? u64At(tail, at - 36) : u32At(tail, at + 12)
    const place = isWide ? u64At(tail, at - 28) : u32At(tail, at + 16)
    const end = tailOffset + (isWide ? at - 76 : at)
    const endsHere = tailOffset + at + 22 + u16At(tail, at + 20) === size
    if (length === 0 && place === 0 && u16At(tail, at + 10) === 0 && endsHere) return Math.max(offset, end)
    // The record counts from where the archive begins, which is not the start of the file when data precedes it.
    for (const directory of [end - length, place]) {
      if (directory < offset || directory >= end || length === 0) continue
      const inWindow = directory >= tailOffset
      if (inWindow && !hasAt(tail, directory - tailOffset, [0x50, 0x4b, 0x01, 0x02])) continue
      if (!inWindow && !endsHere) continue
      const base = directory === place ? 0 : directory - place
      const first = inWindow ? u32At(tail, directory - tailOffset + 42) : 0
      const start = base + (first === 0xffffffff ? 0 : first)
      // One that begins before a later boundary was found from the start of the file.
      return start >= offset ? start : undefined
    }
  }
  return undefined
}
