import { conflict, HubError, limitReached } from '../../../kernel/index.ts'

/** Codes of the system, and of PostgreSQL (SQLSTATE), for a disk or quota that is full. */
const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', '53100'])
/** Out of file descriptors: of this process, of the system; PostgreSQL says 53000 for both. */
const descriptorCodes: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE'])

/**
 * What an operator can do about an error of the disk: `limit` `disk_full`, `conflict` `disk_read_only`, `limit` `too_many_open_files`.
 * Null for everything else, and for what is said already.
 */
export function asDiskError(error: unknown): HubError | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof HubError) return null
    const code: unknown = 'code' in cause ? cause.code : undefined
    const text = cause.message
    if (fullCodes.has(code) || /no space left on device|disk quota exceeded/i.test(text)) return diskFull(error)
    if (code === 'EROFS' || /read-only file system/i.test(text)) return readOnly(error)
    if (descriptorCodes.has(code) || /too many open files/i.test(text)) return tooManyFiles(error)
  }
  return null
}

const diskFull = (cause: unknown) =>
  limitReached(
    'disk_full',
    'The disk of the data folder is full; nothing was changed.',
    'Free space there and try again. `modelhub doctor` says how much is missing.',
    { details: { status: 507 }, cause },
  )

const readOnly = (cause: unknown) =>
  conflict(
    'disk_read_only',
    'The disk of the data folder has become read-only; nothing was changed.',
    'Look at the log of the system for errors of the disk, mount it writable again, and try again.',
    { details: { status: 507 }, cause },
  )

const tooManyFiles = (cause: unknown) =>
  limitReached(
    'too_many_open_files',
    'The hub may not open more files.',
    'Raise the limit of open files (ulimit -n, LimitNOFILE) and start the hub again.',
    { details: { status: 503 }, cause },
  )
