import { defineFormat } from '../define-format.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { readWindowsLink } from '../executable/windows-link.ts'
import { hasAt } from '../probe.ts'

/** Source: MS-SHLLINK, section 2.1: header size, then the class id. */
export const windowsLinkFormat = defineFormat({
  kind: 'windows-link',
  title: 'Windows shortcut',
  extensions: ['.lnk'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00]) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectExecutable('windows-link', 'Windows shortcut', readWindowsLink),
  rules: [],
})
