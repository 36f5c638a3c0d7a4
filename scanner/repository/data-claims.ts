import type { ByteRange, DataClaim } from '../types.ts'

export type DataClaims = {
  /** Notes a tensor in another file: where it begins and how long its shape and type make it. */
  add: (path: string, offset: number, length: number) => void
  finish: () => DataClaim[]
}

const maxFiles = 1_000
const maxNoted = 500_000
/** Ranges kept of one file once neighbours are joined; honest exports have one. */
const maxRanges = 2_000
const maxPath = 1_024
/** The largest step to which exporters align; gaps below it are padding. */
const largestAlignment = 65_536

/** Collects what a file takes from other files as tensors. A file of which too much is claimed to keep is not claimed at all. */
export function createDataClaims(): DataClaims {
  const files = new Map<string, ByteRange[] | null>()
  let noted = 0
  return {
    add: (path, offset, length) => {
      if (!(length > 0) || !(offset >= 0) || path === '' || path.length > maxPath) return
      noted += 1
      const ranges = files.get(path)
      if (noted > maxNoted) files.set(path, null)
      else if (ranges === undefined) {
        if (files.size < maxFiles) files.set(path, [{ offset, length }])
      } else ranges?.push({ offset, length })
    },
    finish: () =>
      [...files].flatMap(([path, ranges]): DataClaim[] => {
        const joined = ranges === null ? [] : joinRanges(ranges)
        return joined.length === 0 || joined.length > maxRanges ? [] : [{ path, ranges: joined }]
      }),
  }
}

/**
 * Ranges in order, joined where they touch, overlap, or leave no more between them than it takes to align the next: fewer bytes than
 * the power of two that the next begins at. Nobody reads padding, as nobody but the loader reads the tensors.
 */
export function joinRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: ByteRange[] = []
  for (const { offset, length } of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const last = joined.at(-1)
    const end = last === undefined ? 0 : last.offset + last.length
    if (last !== undefined && offset - end < alignmentOf(offset))
      last.length = Math.max(end, offset + length) - last.offset
    else joined.push({ offset, length })
  }
  return joined
}

function alignmentOf(offset: number): number {
  let alignment = 1
  while (alignment < largestAlignment && offset % (alignment * 2) === 0) alignment *= 2
  return alignment
}
