import { closeSync, fsyncSync, ftruncateSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { freeBytes, workingBytes } from './room.ts'

/** Room on the disk that is kept so that the embedded database can end what it has begun when the disk is full. */
export type Reserve = {
  /** Gives up a piece; false when nothing is left of it. */
  give: () => boolean
  /** Fills it up again as soon as the disk has room to spare. */
  keep: () => void
}

/** Two pieces of the journal: one to end what is under way, one for the checkpoint after it. */
export const reserveBytes = 32 * 2 ** 20
const pieceBytes = 2 ** 20
const fileName = 'disk.reserve'

/** What is missing of the reserve of a data folder (bytes). */
export function missingReserve(dataFolder: string): number {
  const held = statSync(join(dataFolder, fileName), { throwIfNoEntry: false })?.size ?? 0
  return Math.max(0, reserveBytes - held)
}

export function createReserve(dataFolder: string): Reserve {
  const path = join(dataFolder, fileName)
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return {
    give: () => {
      const held = size()
      if (held === 0) return false
      const file = openSync(path, 'r+')
      try {
        ftruncateSync(file, Math.max(0, held - pieceBytes))
        // Some file systems give the blocks back only with their own next commit.
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      return true
    },
    keep: () => {
      const missing = missingReserve(dataFolder)
      // Not with the last bytes: whoever freed a little must not lose it to us.
      if (missing === 0 || freeBytes(dataFolder) < missing + 2 * workingBytes) return
      const file = openSync(path, 'a', 0o600)
      try {
        // Written, because a hole would hold no room. A file system that compresses keeps less; there the reserve is worth less.
        const piece = Buffer.alloc(pieceBytes)
        for (let left = missing; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length))
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
    },
  }
}
