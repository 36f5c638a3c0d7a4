import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type Migration = {
  /** The number in the file name, from 1. */
  version: number
  name: string
  /** SHA-256 of the text, hexadecimal. */
  checksum: string
  sql: string
}

const fileName = /^(\d{4})_([a-z0-9_]+)\.sql$/

/** The migrations of a folder in order. Throws when a file name does not fit or two share a number. */
export function readMigrations(folder: URL | string = new URL('./migrations/', import.meta.url)): Migration[] {
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder)
  const migrations = readdirSync(path)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => readMigration(path, name))
  migrations.forEach((migration, index) => {
    if (migrations[index + 1]?.version === migration.version) {
      throw new Error(`two migrations have the number ${migration.version}`)
    }
  })
  return migrations
}

function readMigration(folder: string, name: string): Migration {
  const match = fileName.exec(name)
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new Error(`migration file "${name}" is not named NNNN_name.sql`)
  }
  const sql = readFileSync(`${folder}/${name}`, 'utf8')
  const checksum = createHash('sha256').update(sql).digest('hex')
  return { version: Number(match[1]), name: match[2], checksum, sql }
}
