import { type HubError, steadyClock } from '../../../kernel/index.ts'
import { folderError, probeWrite } from './check-folder.ts'
import { assertSameFolder, folderIdentity } from './identity.ts'
import { missingReserve } from './reserve.ts'
import { freeBytes, noRoom, workingBytes } from './room.ts'

export type PlaceWatch = {
  /** What is wrong with the disk or the folder now; null when both can be used. */
  problem: () => HubError | null
  stop: () => void
}

/** An answer is good for so long (ms): a page that polls must not write a file each time. */
const freshMs = 1_000
const lookEveryMs = 2_000

/**
 * Keeps an eye on the data folder of a running hub: room, read-only, gone.
 * @param made the database is in the folder, with its reserve
 * @param onGone called once when the folder is no longer the one it was; what is written from then on would be lost
 */
export function createPlaceWatch(folder: string, onGone: (problem: HubError) => void, made: boolean): PlaceWatch {
  const identity = folderIdentity(folder)
  let known: HubError | null = null
  let lookedAt = Number.NEGATIVE_INFINITY
  let gone = false

  /** Reads only: a disk that sleeps is not woken to be asked. */
  const isThere = (): HubError | null => {
    try {
      assertSameFolder(folder, identity, made)
      return null
    } catch (error) {
      clearInterval(timer)
      if (!gone) onGone(error as HubError)
      gone = true
      return error as HubError
    }
  }
  const canBeUsed = (): HubError | null => {
    try {
      const free = freeBytes(folder)
      // A reserve that was given up is owed: what is left of it is not for new work.
      const needed = workingBytes + (made ? missingReserve(folder) : 0)
      if (free < needed) return noRoom(folder, needed, free)
      probeWrite(folder)
      return null
    } catch (error) {
      return folderError(folder, error)
    }
  }
  const timer = setInterval(isThere, lookEveryMs)
  timer.unref()
  return {
    problem: () => {
      if (steadyClock.now() - lookedAt < freshMs) return known
      known = isThere() ?? canBeUsed()
      lookedAt = steadyClock.now()
      return known
    },
    stop: () => clearInterval(timer),
  }
}
