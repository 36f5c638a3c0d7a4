import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'
import { inspectSevenZip } from '../seven-zip/inspect.ts'

/** Source of the signature: 7zFormat.txt of the LZMA SDK. */
export const sevenZipFormat = defineFormat({
  kind: '7z',
  title: '7-Zip archive',
  extensions: ['.7z'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectSevenZip,
  rules: [],
})
