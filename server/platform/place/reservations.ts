import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { limitReached } from '../../../kernel/index.ts'
import { freeBytes } from './room.ts'

/** Room on a disk that was promised to a piece of work. */
export type Reservation = {
  /** So many of the promised bytes are written now, and missing from what the disk has free. */
  took: (bytes: number) => void
  /** The work has ended. May be called again. */
  release: () => void
}

/**
 * Promises room on the disk of a folder, which need not be there yet, to work that will write `bytes` there. Everything that is promised
 * and not yet written counts: downloads and unpackings that run at the same time cannot all be promised the same bytes. Throws `limit`
 * `disk_full` with what is missing.
 */
export type ReserveRoom = (folder: string, bytes: number) => Reservation

/** Room that is left on the disk, in bytes, whatever is written: for the database above all. */
const reserveBytes = 256 * 2 ** 20

/** @param free bytes that may still be written on the disk of a folder */
export function createReserveRoom(free: (folder: string) => number = freeBytes): ReserveRoom {
  const promised = new Map<number, Set<{ left: number }>>()
  return (folder, bytes) => {
    const [there, disk] = diskOf(folder)
    const others = promised.get(disk) ?? new Set()
    const held = [...others].reduce((sum, one) => sum + one.left, 0)
    const freeNow = free(there)
    const missingBytes = held + bytes + reserveBytes - freeNow
    if (missingBytes > 0)
      throw diskFull({ neededBytes: bytes, promisedBytes: held, reserveBytes, freeBytes: freeNow, missingBytes })
    const mine = { left: bytes }
    promised.set(disk, others.add(mine))
    return {
      took: (written) => {
        mine.left = Math.max(0, mine.left - written)
      },
      release: () => {
        others.delete(mine)
      },
    }
  }
}

function diskFull(
  facts: Record<'neededBytes' | 'promisedBytes' | 'reserveBytes' | 'freeBytes' | 'missingBytes', number>,
) {
  const { neededBytes, promisedBytes, freeBytes: freeNow, missingBytes } = facts
  const promises = promisedBytes === 0 ? '' : `${promisedBytes} are promised to work under way, `
  return limitReached(
    'disk_full',
    `The disk is full: ${missingBytes} bytes are missing. The files need ${neededBytes}, ${promises}${reserveBytes} stay in reserve, ${freeNow} are free.`,
    'Free space on the disk of the data folder, or wait until other downloads have ended; then retry.',
    { details: { status: 507, ...facts } },
  )
}

/** The nearest folder that is there, and the number of its disk. */
function diskOf(folder: string): [string, number] {
  const path = resolve(folder)
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? diskOf(dirname(path)) : [path, found.dev]
}
