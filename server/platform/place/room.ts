import { statfsSync } from 'node:fs'
import { type HubError, limitReached } from '../../../kernel/index.ts'

/** An empty embedded database takes 40 MB, its reserve 32, and with less than its working room free it takes no change. */
const newHubBytes = 112 * 2 ** 20
/** The embedded database adds to its journal in pieces of 16 MiB; without room for the next one it stops. */
export const workingBytes = 20 * 2 ** 20

/** Bytes that programs without special rights may still write on the disk of a folder. Throws what the system says. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** What a hub must find free on the disk of its data folder to start (bytes). */
export const startBytes = (isNew: boolean): number => (isNew ? newHubBytes : workingBytes)

/** The error for a disk that has too little room, with what is missing. */
export function noRoom(folder: string, needed: number, free: number): HubError {
  return limitReached(
    'disk_full',
    `The disk of the data folder ${folder} is full: ${missing(needed, free)} bytes are missing (${free} are free, ${needed} are needed).`,
    'Free space there, or move the data folder to a larger disk and name it with MODELHUB_DATA.',
    { details: { status: 507, folder, neededBytes: needed, freeBytes: free, missingBytes: missing(needed, free) } },
  )
}

const missing = (needed: number, free: number): number => Math.max(0, needed - free)
