import { type Cursor, createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext } from '../define-format.ts'
import type { ExecutableFacts } from './note-executable.ts'

const headerSize = 76
const flag = { idList: 1, linkInfo: 2, unicode: 0x80 }
/** Texts behind the header, in their order, with the flag of each. Source: MS-SHLLINK, section 2.4. */
const texts = [
  { name: 'name', bit: 4 },
  { name: 'path', bit: 8 },
  { name: 'folder', bit: 16 },
  { name: 'arguments', bit: 32 },
] as const

/** What a Windows shortcut starts. Source: MS-SHLLINK, section 2. */
export function readWindowsLink({ reader, offset, length }: InspectContext): ExecutableFacts {
  const cursor = createCursor(reader, offset, offset + length)
  const found: { [name: string]: string } = {}
  try {
    cursor.skip(20)
    const flags = cursor.u32()
    cursor.seek(offset + headerSize)
    if ((flags & flag.idList) !== 0) cursor.skip(cursor.u16())
    if ((flags & flag.linkInfo) !== 0) cursor.skip(Math.max(0, cursor.u32() - 4))
    for (const { name, bit } of texts)
      if ((flags & bit) !== 0) found[name] = readText(cursor, (flags & flag.unicode) !== 0)
  } catch (error) {
    if (!(error instanceof PastEnd)) throw error
  }
  const command = [found['path'], found['arguments']].filter((part) => part !== undefined).join(' ')
  return { role: 'shortcut', ...(command === '' ? {} : { command }) }
}

function readText(cursor: Cursor, wide: boolean): string {
  const length = cursor.u16()
  const bytes = cursor.bytes(wide ? length * 2 : length)
  return new TextDecoder(wide ? 'utf-16le' : 'latin1').decode(bytes)
}
