import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { conflict, type HubError, invalid, messageOf } from '../../../kernel/index.ts'
import { freeBytes, noRoom, startBytes } from './room.ts'

/** Names that only a hub puts into a folder: one of them makes it a data folder. */
const ownNames = [
  'VERSION.json',
  'db',
  'db.initializing',
  'hub.lock.sqlite',
  'secret.key',
  'signing.key',
  'blobs',
  'gateway',
  'models',
]

/** SQLite, whose files are the locks of the folder, takes paths of 511 bytes; theirs are up to 40 longer than the folder's. */
const longestPathBytes = 460

type FolderOptions = {
  /** The database is in the folder, not on a server. */
  embedded: boolean
}

/**
 * Whether a hub can work in this folder, which must be there. Writes one small file and removes it again; opens neither lock nor database.
 * @throws HubError `data_folder_…` or `disk_full`, for the operator
 */
export function checkDataFolder(folder: string, options: FolderOptions): void {
  if (!isFolder(folder)) throw notAFolder(folder)
  if (Buffer.byteLength(realpathSync(folder)) > longestPathBytes) throw tooLong(folder)
  const names = tried(folder, () => readdirSync(folder))
  const present = ownNames.filter((name) => names.includes(name))
  // Processes that start together on a shared folder see each other's first file before it has its name.
  const own = (name: string) => name.startsWith('.') || /^(secret|signing)\.key\./.test(name) || name === 'lost+found'
  const foreign = names.filter((name) => !own(name))
  if (present.length === 0 && foreign.length > 0) throw notOurs(folder, foreign)
  for (const name of present) assertAccess(folder, name)
  if (options.embedded) assertDatabase(folder, names)
  tried(folder, () => probeWrite(folder))
  const needed = startBytes(options.embedded && !names.includes('VERSION.json'))
  const free = freeBytes(folder)
  if (free < needed) throw noRoom(folder, needed, free)
}

/** Writes a byte and removes it. Throws what the system says. */
export function probeWrite(folder: string): void {
  const path = join(folder, `.write-test-${process.pid}`)
  try {
    writeFileSync(path, 'x', { mode: 0o600 })
  } finally {
    rmSync(path, { force: true })
  }
}

/** Throws the operator's words when nothing can be written into a folder. */
export function probeFolder(folder: string): void {
  tried(folder, () => probeWrite(folder))
}

/** The operator's words for what the system says of a data folder. */
export function folderError(folder: string, error: unknown): HubError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const extra = { details: { folder }, cause: error }
  switch (code) {
    case 'ENOTDIR':
    case 'EEXIST':
      return notAFolder(folder)
    case 'EACCES':
    case 'EPERM':
      return conflict(
        'data_folder_not_writable',
        `The data folder ${folder} cannot be written by this user (${userName()}).`,
        'Give it to this user (chown -R), start the hub as its owner, or choose another with MODELHUB_DATA.',
        extra,
      )
    case 'EROFS':
      return conflict(
        'data_folder_read_only',
        `The data folder ${folder} is on a disk that is mounted read-only.`,
        'Mount it writable (after errors of the disk: check it first), or choose another with MODELHUB_DATA.',
        extra,
      )
    case 'ENOSPC':
    case 'EDQUOT':
      return noRoom(folder, startBytes(false), 0)
    case 'ENAMETOOLONG':
      return tooLong(folder)
    default:
      return conflict(
        'data_folder_unusable',
        `The data folder ${folder} cannot be used: ${messageOf(error)}`,
        'Repair it, or choose another with MODELHUB_DATA.',
        extra,
      )
  }
}

/** A link that leads nowhere: most often a disk that is not mounted. */
export function isDangling(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink() && !existsSync(path)
  } catch {
    return false
  }
}

export const danglingLink = (folder: string): HubError =>
  invalid(
    'data_folder_missing',
    `The data folder ${folder} is a link to a place that is not there.`,
    'Mount the disk it points to, repair the link, or choose another folder with MODELHUB_DATA.',
    { details: { folder } },
  )

const tooLong = (folder: string): HubError =>
  invalid(
    'data_folder_name_too_long',
    `The path of the data folder is too long: ${Buffer.byteLength(folder)} bytes, ${longestPathBytes} at most.`,
    'Choose a shorter one with MODELHUB_DATA.',
    { details: { folder } },
  )

const notAFolder = (folder: string): HubError =>
  invalid(
    'data_folder_no_folder',
    `The data folder ${folder}, or a part of its path, is a file and not a folder.`,
    'Name a folder with MODELHUB_DATA.',
    { details: { folder } },
  )

function notOurs(folder: string, names: readonly string[]): HubError {
  const shown = names.slice(0, 3).join(', ')
  return conflict(
    'data_folder_foreign',
    `The folder ${folder} holds other things (${shown}${names.length > 3 ? ', …' : ''}) and no hub.`,
    'Name an empty folder, one that does not exist yet, or the data folder of a hub with MODELHUB_DATA.',
    { details: { folder } },
  )
}

function assertAccess(folder: string, name: string): void {
  const path = join(folder, name)
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'EACCES' && code !== 'EPERM') throw folderError(folder, error)
    throw conflict(
      'data_folder_not_writable',
      `${path} belongs to another user (id ${statSync(path).uid}); this is ${userName()}. The hub was started once by somebody else.`,
      `Give everything to one user: chown -R ${userName()} ${folder}`,
      { details: { folder, path }, cause: error },
    )
  }
}

/** A folder that once held a database and has none now must not begin a new one in silence. */
function assertDatabase(folder: string, names: readonly string[]): void {
  if (!names.includes('VERSION.json') || existsSync(join(folder, 'db', 'PG_VERSION'))) return
  throw conflict(
    'database_missing',
    `The data folder ${folder} is of a hub, and its database (db) is gone.`,
    'Restore a backup; or, to begin with nothing, remove VERSION.json from the folder.',
    { details: { folder } },
  )
}

function isFolder(folder: string): boolean {
  return tried(folder, () => statSync(folder)).isDirectory()
}

function tried<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw folderError(folder, error)
  }
}

const userName = (): string => `user id ${process.getuid?.() ?? 'unknown'}`
