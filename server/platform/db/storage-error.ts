import { type HubError, internal, limitReached, messageOf } from '../../../kernel/index.ts'
import { asDiskError } from '../place/index.ts'
import type { StorageFault } from './durable-file-system.ts'

/**
 * What an operator can do about an error of the embedded database: `limit` `disk_full`, `conflict` `disk_read_only`, `internal`
 * `disk_failing` and `database_damaged`. Undefined when the statement itself is at fault.
 */
export function asStorageError(error: Error & { code?: unknown }): HubError | undefined {
  const disk = asDiskError(error)
  if (disk !== null) return disk
  switch (error.code) {
    case '58030':
      return failing(error)
    case 'XX001':
    case 'XX002':
      return damaged(error)
    default:
      return undefined
  }
}

/** The embedded database is gone until the hub starts again: for want of disk space, because the disk fails, or for a reason of its own. */
export function databaseStopped(cause: unknown, fault?: StorageFault): HubError {
  if (fault?.code === 'ENOSPC' || fault?.code === 'EDQUOT') {
    return limitReached(
      'disk_full',
      'The disk of the data folder is full, and the embedded database has stopped.',
      'Free space there; the hub goes on by itself. What was acknowledged is on the disk.',
      { details: { status: 507, retryAfter: 2 }, cause },
    )
  }
  if (fault !== undefined) return failing(cause)
  const because = cause === undefined ? '' : ` (${messageOf(cause)})`
  return internal(
    'database_stopped',
    `The embedded database has stopped${because}.`,
    'The hub starts it again by itself; what was acknowledged is on the disk. If it happens again, look at free memory and disk space.',
    { details: { status: 503, retryAfter: 2 }, cause },
  )
}

const failing = (cause: unknown) =>
  internal(
    'disk_failing',
    `The disk of the data folder cannot be read or written (${messageOf(cause)}).`,
    'Look at the log of the system for errors of the disk. What was acknowledged before is on the disk; make a backup of it before repairs.',
    { details: { status: 503 }, cause },
  )

const damaged = (cause: unknown) =>
  internal(
    'database_damaged',
    `A part of the embedded database reads back as something that was never written (${messageOf(cause)}).`,
    'Check the disk, then restore the last backup.',
    { cause },
  )
