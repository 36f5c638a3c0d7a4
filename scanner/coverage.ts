import type { ByteRange, Coverage } from './types.ts'

export type CoverKind = 'parsed' | 'tensor' | 'inert'

export type CoverageLog = {
  add: (offset: number, length: number, kind: CoverKind) => void
  /** Ranges not added by anyone. */
  finish: () => Coverage
}

const maxListed = 32

/** Collects which bytes were accounted for, and how. Where two claims overlap, each byte counts once, for the claim that starts first. */
export function createCoverageLog(size: number): CoverageLog {
  const ranges: { offset: number; end: number; kind: CoverKind }[] = []

  function add(offset: number, length: number, kind: CoverKind): void {
    const from = Math.max(0, offset)
    const end = Math.min(size, offset + length)
    if (!(end > from)) return
    const last = ranges.at(-1)
    if (last !== undefined && last.kind === kind && last.end === from) last.end = end
    else ranges.push({ offset: from, end, kind })
  }

  function finish(): Coverage {
    ranges.sort((a, b) => a.offset - b.offset)
    const bytes = { parsed: 0, tensor: 0, inert: 0 }
    const unaccounted: ByteRange[] = []
    let unaccountedBytes = 0
    let reached = 0
    const gap = (to: number): void => {
      if (to <= reached) return
      unaccountedBytes += to - reached
      if (unaccounted.length < maxListed) unaccounted.push({ offset: reached, length: to - reached })
    }
    for (const range of ranges) {
      gap(range.offset)
      const from = Math.max(reached, range.offset)
      if (range.end > from) bytes[range.kind] += range.end - from
      reached = Math.max(reached, range.end)
    }
    gap(size)
    return {
      parsedBytes: bytes.parsed,
      tensorBytes: bytes.tensor,
      inertBytes: bytes.inert,
      unaccountedBytes,
      unaccounted,
    }
  }

  return { add, finish }
}
