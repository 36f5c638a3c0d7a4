import { PastEnd } from '../cursor.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { partOf } from '../nested/part-of.ts'
import { hasAt } from '../probe.ts'
import type { FormatHeader } from '../types.ts'
import { asciiSource, nativeSource, xdrSource } from './sources.ts'

/** What was walked of R data. */
export type RdsHeader = FormatHeader & {
  kind: 'rds'
  /** Version of the serialization: 2 or 3. */
  version: number
  encoding: 'xdr' | 'ascii' | 'native'
  /** Nodes walked. */
  nodes: number
}

const maxDepth = 256
const maxNodes = 20_000_000
const maxBlobs = 64

class TooMuch extends Error {}
/** A node whose inside is not walked: what follows it is unknown. */
class Opaque extends Error {}

/** Walks the nodes of R's serialization. Source: R Internals, section 1.8; R sources, serialize.c. */
export function inspectRds(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, observe, cover, nested } = context
  const end = offset + length
  const head = reader.read(offset, 32)
  const start = offset + (hasAt(head, 0, 'RD') ? 5 : 0)
  const letter = reader.read(start, 1)[0]
  const encoding = letter === 0x41 ? 'ascii' : letter === 0x42 ? 'native' : 'xdr'
  const source = (encoding === 'ascii' ? asciiSource : encoding === 'native' ? nativeSource : xdrSource)(
    reader,
    start + 2,
    end,
  )
  const header: RdsHeader = { kind: 'rds', version: 0, encoding, nodes: 0 }
  let parsedFrom = offset
  let blobs = 0
  let depth = 0

  const accounted = (from: number, kind: 'tensor' | undefined): void => {
    cover(parsedFrom, from - parsedFrom, 'parsed')
    if (kind !== undefined) cover(from, source.position() - from, kind)
    parsedFrom = source.position()
  }
  function count(): number {
    const value = source.int()
    if (value !== -1) return value >= 0 ? value : tooMuch()
    // A long vector: two words.
    return source.int() * 4_294_967_296 + (source.int() >>> 0)
  }
  function items(n: number): void {
    if (n * source.least > source.remaining()) throw new PastEnd(source.position(), n)
    for (let i = 0; i < n; i++) item()
  }
  function numbers(n: number, each: 4 | 8): void {
    const from = source.position()
    source.numbers(n, each)
    accounted(from, 'tensor')
  }

  function item(): void {
    if (++depth > maxDepth) tooMuch()
    // The rest of a list is read here, not by a call of its own: lists are long.
    for (let more = true; more; ) more = node()
    depth -= 1
  }

  /** One node; true when another follows that is the rest of the same list. */
  function node(): boolean {
    if (++header.nodes > maxNodes) tooMuch()
    const at = source.position()
    const flags = source.int()
    const attributes = (flags & 0x200) !== 0
    const tagged = (flags & 0x400) !== 0
    switch (flags & 0xff) {
      case 254:
      case 253:
      case 252:
      case 251:
      case 250:
      case 242:
      case 241:
        return false
      case 255:
        if (flags >>> 8 === 0) source.int()
        return false
      case 249:
      case 248:
      case 247: {
        if ((flags & 0xff) === 247) observe({ code: 'rds.persistent', offset: at })
        source.int()
        items(count())
        return false
      }
      case 1:
        item()
        return false
      case 2:
      case 6:
      case 17:
        if (attributes) item()
        if (tagged) item()
        item()
        return true
      case 3:
      case 5:
        observe({ code: (flags & 0xff) === 3 ? 'rds.closure' : 'rds.promise', offset: at })
        if (attributes) item()
        if (tagged) item()
        item()
        return true
      case 4:
        observe({ code: 'rds.environment', offset: at })
        source.int()
        for (let i = 0; i < 4; i++) item()
        return false
      case 7:
      case 8: {
        const name = source.text(bounded(source.int()))
        if (/^(\.Internal|\.External|\.Call|\.C|system|eval|dyn\.load)$/.test(name))
          observe({ code: 'rds.builtin', offset: at, evidence: name })
        return false
      }
      case 9: {
        const size = source.int()
        const text = size > 0 ? source.text(bounded(size)) : ''
        if (/^(system2?|shell|eval|evalq|dyn\.load|source|Sys\.setenv|download\.file|unlink|do\.call)$/.test(text))
          observe({ code: 'rds.name', offset: at, evidence: text })
        return false
      }
      case 10:
      case 13:
        numbers(count(), 4)
        break
      case 14:
        numbers(count(), 8)
        break
      case 15:
        numbers(count() * 2, 8)
        break
      case 16:
      case 19:
      case 20:
        if ((flags & 0xff) === 20) observe({ code: 'rds.expression', offset: at })
        items(count())
        break
      case 21:
        observe({ code: 'rds.bytecode', offset: at })
        throw new Opaque()
      case 22:
        observe({ code: 'rds.pointer', offset: at })
        item()
        item()
        break
      case 23:
      case 25:
        break
      case 24:
        raw(count())
        break
      case 238:
        for (let i = 0; i < 3; i++) item()
        return false
      default:
        observe({ code: 'rds.malformed', offset: at, detail: `an unknown kind of node ${flags & 0xff}` })
        throw new Opaque()
    }
    if (attributes) item()
    return false
  }

  function bounded(size: number): number {
    if (size < 0 || size > source.remaining()) throw new PastEnd(source.position(), size)
    return size
  }

  function raw(size: number): void {
    const from = source.position()
    source.raw(bounded(size))
    if (size < 4 || encoding === 'ascii') return
    const inner =
      ++blobs <= maxBlobs
        ? nested({ name: `raw-${from}`, reader: partOf(reader, from, size), offset: from })
        : undefined
    if (inner?.complete !== true) accounted(from, undefined)
  }

  let whole = false
  try {
    header.version = source.int()
    source.int()
    source.int()
    if (header.version === 3) source.text(bounded(source.int()))
    item()
    whole = true
  } catch (error) {
    if (error instanceof PastEnd)
      observe({
        code: 'rds.malformed',
        offset: error.offset,
        detail: `${error.wanted} bytes or values wanted at ${error.offset}`,
      })
    else if (error instanceof TooMuch || error instanceof RangeError)
      observe({
        code: 'rds.depth',
        offset: source.position(),
        detail: `nodes deeper than ${maxDepth} or more than ${maxNodes}`,
      })
    else if (!(error instanceof Opaque)) throw error
  }
  accounted(source.position(), undefined)
  observe({ code: 'rds.data', offset, detail: `${header.nodes} nodes` })
  return { header, end: whole ? source.position() : end }
}

function tooMuch(): never {
  throw new TooMuch()
}
