import { PastEnd } from '../cursor.ts'
import { type BigCursor, createBigCursor } from '../cursor-big.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { codeIn, isInsideName } from '../text/code-like.ts'
import { decodeText } from '../text/decode.ts'
import type { FormatHeader } from '../types.ts'

/** What a binary JSON model says of itself. */
export type UbjsonHeader = FormatHeader & {
  kind: 'ubjson'
  /** The first 100 keys of the outermost object. */
  keys: string[]
  /** Text values that say what model it is, such as `learner.objective.name`; the first 50. */
  facts: { [name: string]: string }
}

const maxDepth = 128
const numberBytes: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8, C: 1 }

class Broken extends Error {
  readonly reason: 'depth' | 'syntax'
  constructor(reason: 'depth' | 'syntax', detail: string) {
    super(detail)
    this.reason = reason
  }
}

type Frame = {
  object: boolean /** Items to come; undefined where a mark ends them. */
  left: number | undefined
  type: string | undefined
  key: string
}

/** Walks universal binary JSON, in which XGBoost stores its models: every length against what is left. Source: UBJSON draft 12. */
export function inspectUbjson(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, observe, cover } = context
  const end = offset + length
  const cursor = createBigCursor(reader, offset, end)
  const header: UbjsonHeader = { kind: 'ubjson', keys: [], facts: {} }
  const frames: Frame[] = []
  let parsedFrom = offset

  const name = (): string =>
    frames
      .map(({ key }) => key)
      .filter((key) => key !== '')
      .join('.')
      .slice(0, 200)

  function text(count: number): string {
    const from = cursor.position()
    if (count > 1024 * 1024) throw new Broken('syntax', `a text of ${count} bytes`)
    const value = count === 0 ? '' : decodeText(cursor.bytes(count), true)
    if (value === undefined) throw new Broken('syntax', 'a text that is none')
    const code = codeIn(value)
    if (code !== undefined || isInsideName(value))
      observe({ code: 'ubjson.code-text', offset: from, member: name(), evidence: code ?? value })
    return value
  }

  function open(object: boolean): void {
    if (frames.length >= maxDepth) throw new Broken('depth', `deeper than ${maxDepth}`)
    let type: string | undefined
    let left: number | undefined
    let mark = String.fromCharCode(cursor.peek())
    if (mark === '$') {
      cursor.skip(1)
      type = String.fromCharCode(cursor.u8())
      mark = String.fromCharCode(cursor.peek())
      if (mark !== '#') throw new Broken('syntax', 'a type without a count')
    }
    if (mark === '#') {
      cursor.skip(1)
      left = readLength(cursor, String.fromCharCode(cursor.u8()))
      const each = type === undefined ? 1 : (numberBytes[type] ?? 0)
      if (!object && type !== undefined && numberBytes[type] !== undefined) {
        const from = cursor.position()
        if (left * each > cursor.remaining()) throw new PastEnd(from, left * each)
        cursor.skip(left * each)
        cover(parsedFrom, from - parsedFrom, 'parsed')
        cover(from, left * each, 'tensor')
        parsedFrom = from + left * each
        return
      }
      // Items of a type without bytes could be counted in the billions.
      if (left > (each === 0 ? 65_536 : cursor.remaining())) throw new PastEnd(cursor.position(), left)
    }
    frames.push({ object, left, type, key: '' })
  }

  function value(mark: string): void {
    const bytes = numberBytes[mark]
    if (bytes !== undefined) cursor.skip(bytes)
    else if (mark === 'S' || mark === 'H') {
      const content = text(readLength(cursor, String.fromCharCode(cursor.u8())))
      const key = name()
      if (
        content.length <= 64 &&
        frames.length <= 3 &&
        frames.every(({ object }) => object) &&
        Object.keys(header.facts).length < 50 &&
        key !== '__proto__'
      )
        header.facts[escapeText(key, 100)] = escapeText(content)
    } else if (mark === '[') open(false)
    else if (mark === '{') open(true)
    else if (!'ZNTF'.includes(mark)) throw new Broken('syntax', `an unknown mark ${escapeText(mark)}`)
  }

  try {
    value(String.fromCharCode(cursor.u8()))
    while (frames.length > 0) {
      const frame = frames.at(-1) as Frame
      if (frame.left === 0) {
        frames.pop()
        continue
      }
      const mark = frame.left === undefined ? String.fromCharCode(cursor.peek()) : undefined
      if (mark === (frame.object ? '}' : ']')) {
        cursor.skip(1)
        frames.pop()
        continue
      }
      if (frame.left !== undefined) frame.left -= 1
      if (frame.object) {
        frame.key = text(readLength(cursor, String.fromCharCode(cursor.u8()))).slice(0, 128)
        if (frames.length === 1 && header.keys.length < 100) header.keys.push(escapeText(frame.key, 128))
      }
      value(frame.type ?? String.fromCharCode(cursor.u8()))
    }
  } catch (error) {
    if (error instanceof PastEnd)
      observe({
        code: 'ubjson.past-end',
        offset: error.offset,
        member: name(),
        detail: `${error.wanted} bytes wanted at ${error.offset}`,
      })
    else if (error instanceof Broken)
      observe({
        code: error.reason === 'depth' ? 'ubjson.depth' : 'ubjson.syntax',
        offset: cursor.position(),
        member: name(),
        detail: error.message,
      })
    else throw error
    cover(parsedFrom, cursor.position() - parsedFrom, 'parsed')
    return { header, end }
  }
  cover(parsedFrom, cursor.position() - parsedFrom, 'parsed')
  if (header.keys.length > 0 && !header.keys.includes('learner'))
    observe({ code: 'ubjson.unknown', offset, detail: header.keys.slice(0, 5).join(', ') })
  return { header, end: cursor.position() }
}

function readLength(cursor: BigCursor, mark: string): number {
  const value =
    mark === 'i'
      ? cursor.i8()
      : mark === 'U'
        ? cursor.u8()
        : mark === 'I'
          ? cursor.i16()
          : mark === 'l'
            ? cursor.i32()
            : mark === 'L'
              ? cursor.i64()
              : -1
  if (value < 0) throw new Broken('syntax', 'a length that is none')
  if (value > cursor.remaining()) throw new PastEnd(cursor.position(), value)
  return value
}
