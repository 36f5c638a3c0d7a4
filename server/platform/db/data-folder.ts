import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { conflict } from '../../../kernel/index.ts'
import { fsyncPath, makeFolderDurably, replaceFileDurably } from '../durable-files.ts'

/** What the data folder carries, so that an older hub refuses it before it touches the database. */
type FolderVersion = { schema: number; hubVersion: string }

export type DataFolder = {
  path: string
  /** Files of the embedded database. */
  database: string
  backups: string
  readVersion: () => FolderVersion | undefined
  writeVersion: (version: FolderVersion) => void
  /** Marks that the database is being made; one that a killed start left half made is removed. */
  beginDatabase: () => void
  /** Ends what `beginDatabase` marked. */
  databaseIsMade: () => void
}

/** The layout of a data folder; makes it when it is missing (mode 0700). */
export function openDataFolder(path: string): DataFolder {
  makeFolderDurably(path)
  const database = join(path, 'db')
  const marker = join(path, 'db.initializing')
  const versionFile = join(path, 'VERSION.json')
  return {
    path,
    database,
    backups: join(path, 'backups'),
    readVersion: () => {
      if (!existsSync(versionFile)) return undefined
      return parseVersion(versionFile)
    },
    writeVersion: (version) => replaceFileDurably(versionFile, `${JSON.stringify(version)}\n`),
    beginDatabase: () => {
      if (existsSync(marker)) rmSync(database, { recursive: true, force: true })
      // The folder's lock proves that no PostgreSQL works there; its own file, when a power cut left it empty, would stop the start.
      rmSync(join(database, 'postmaster.pid'), { force: true })
      if (existsSync(join(database, 'PG_VERSION'))) return
      if (existsSync(database) && readdirSync(database).length > 0) throw damaged(database, 'holds no database')
      replaceFileDurably(marker, '')
      mkdirSync(database, { recursive: true, mode: 0o700 })
    },
    databaseIsMade: () => {
      if (!existsSync(marker)) return
      rmSync(marker)
      fsyncPath(path)
    },
  }
}

function parseVersion(file: string): FolderVersion {
  try {
    const told = JSON.parse(readFileSync(file, 'utf8')) as Partial<FolderVersion> | null
    if (typeof told?.schema === 'number') return { schema: told.schema, hubVersion: String(told.hubVersion) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw damaged(file, 'cannot be read')
}

const damaged = (path: string, how: string) =>
  conflict('data_folder_damaged', `${path} ${how}.`, 'Restore the data folder from a backup.', { details: { path } })
