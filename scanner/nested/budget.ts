import { type Deadline, noDeadline } from '../deadline.ts'

/** What inspecting one file may cost in all, nested content included. Bounds work and memory whatever the bytes claim. */
export type Budget = {
  /** Containers that may still be opened inside one another, counted from the innermost now. */
  depth: () => number
  /** Takes one nested thing; false when there were too many, or they are nested too deep. */
  enter: () => boolean
  leave: () => void
  /** Takes bytes that were unpacked; false when it is a bomb: far more than the file could hold honestly. */
  unpack: (bytes: number) => boolean
  /** Bytes that may still be unpacked. */
  unpackable: () => number
  deadline: Deadline
}

/** Archives in archives; honest ones have two or three levels. */
export const maxDepth = 8
const maxNested = 200_000
/** Weights hardly shrink; text and zeros do. */
const maxRatio = 200
const alwaysUnpackable = 512 * 1024 * 1024

/** @param size bytes of the file */
export function createBudget(size: number, deadline: Deadline = noDeadline): Budget {
  let depth = 0
  let entered = 0
  let left = Math.max(alwaysUnpackable, size * maxRatio)
  return {
    depth: () => maxDepth - depth,
    enter: () => {
      if (depth >= maxDepth || entered >= maxNested) return false
      depth += 1
      entered += 1
      return true
    },
    leave: () => {
      depth -= 1
    },
    unpack: (bytes) => {
      left -= bytes
      return left >= 0
    },
    unpackable: () => Math.max(0, left),
    deadline,
  }
}
