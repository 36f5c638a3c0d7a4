import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt, type ProbeWindow, u16At, u32At } from '../probe.ts'

/**
 * ZIP by a local header at the start, or by an end-of-central-directory record at the end, which is how archives behind other data
 * are opened. Source: APPNOTE.TXT, sections 4.3.7 and 4.3.16. Torch, Keras and npz files are zips: the first member's name tells.
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
  inspect: leaveUninspected('ZIP archive'),
  rules: [],
})

/** Where the archive begins according to a plausible end record in the tail. */
function startByDirectory({ tail, tailOffset, offset }: ProbeWindow): number | undefined {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (!hasAt(tail, at, [0x50, 0x4b, 0x05, 0x06])) continue
    const directorySize = u32At(tail, at + 12)
    const directoryOffset = u32At(tail, at + 16)
    const end = tailOffset + at
    if (u16At(tail, at + 10) === 0xffff || directoryOffset === 0xffffffff) return offset
    if (directorySize > end || directoryOffset > end) continue
    // The record counts from where the archive begins, which is not the start of the file when data precedes it.
    const start = end - directorySize - directoryOffset
    const directory = start + directoryOffset - tailOffset
    const plausible = directorySize === 0 || directory < 0 || hasAt(tail, directory, [0x50, 0x4b, 0x01, 0x02])
    if (plausible && start >= 0) return Math.max(offset, start)
    return offset
  }
  return undefined
}
