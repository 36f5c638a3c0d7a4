import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fsyncPath } from './durable-file-system.ts'

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
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const database = join(path, 'db')
  const marker = join(path, 'db.initializing')
  const versionFile = join(path, 'VERSION.json')
  return {
    path,
    database,
    backups: join(path, 'backups'),
    readVersion: () => {
      if (!existsSync(versionFile)) return undefined
      return JSON.parse(readFileSync(versionFile, 'utf8')) as FolderVersion
    },
    writeVersion: (version) => writeDurably(path, versionFile, `${JSON.stringify(version)}\n`),
    beginDatabase: () => {
      if (existsSync(marker)) rmSync(database, { recursive: true, force: true })
      if (existsSync(database)) return
      writeDurably(path, marker, '')
      mkdirSync(database, { mode: 0o700 })
    },
    databaseIsMade: () => {
      if (!existsSync(marker)) return
      rmSync(marker)
      fsyncPath(path)
    },
  }
}

function writeDurably(folder: string, path: string, text: string): void {
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  fsyncPath(folder)
}
