import { type Cursor, createCursor, PastEnd } from '../cursor.ts'
import type { InspectContext } from '../define-format.ts'
import type { ExecutableFacts } from './note-executable.ts'

const importSection = 2
const maxImports = 50
const maxSections = 10_000

/** The sections of a module and what it imports. Source: WebAssembly core specification, section 5.5. */
export function readWasm({ reader, offset, length }: InspectContext): ExecutableFacts {
  const imports: string[] = []
  const cursor = createCursor(reader, offset, offset + length)
  let end = offset + 8
  try {
    cursor.seek(end)
    for (let i = 0; i < maxSections && cursor.remaining() > 0; i++) {
      const id = cursor.u8()
      const size = readInteger(cursor)
      // Something else begins here.
      if (id > 13) break
      const next = cursor.position() + size
      if (id === importSection) readImports(cursor, imports)
      cursor.seek(next)
      end = next
    }
  } catch (error) {
    if (!(error instanceof PastEnd)) throw error
    return { role: 'module', imports }
  }
  return { role: 'module', imports, length: end - offset }
}

function readImports(cursor: Cursor, imports: string[]): void {
  const count = readInteger(cursor)
  for (let i = 0; i < count && imports.length < maxImports; i++) {
    const module = readName(cursor)
    imports.push(`${module}.${readName(cursor)}`)
    // Functions name a type; other kinds have longer descriptions, and are rare as imports.
    if (cursor.u8() !== 0) return
    readInteger(cursor)
  }
}

function readName(cursor: Cursor): string {
  const length = readInteger(cursor)
  if (length > 4096) throw new PastEnd(cursor.position(), length)
  return String.fromCharCode(...cursor.bytes(length))
}

/** LEB128, 32 bits. */
function readInteger(cursor: Cursor): number {
  let value = 0
  for (let i = 0; i < 5; i++) {
    const byte = cursor.u8()
    value += (byte & 127) * 2 ** (7 * i)
    if (byte < 128) break
  }
  return value
}
