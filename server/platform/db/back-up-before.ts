import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../kernel/index.ts'
import { fsyncPath, fsyncTree } from './durable-file-system.ts'

/** Copies kept, the new one included. */
const kept = 3
const copyName = /^before-\d{4}-(.+)$/
const unfinished = '.part'

/**
 * Copies the database before its schema changes, as `before-<first new migration>-<time>`: under that name it is whole and flushed.
 * The three newest such copies stay. Returns its path.
 */
export async function backUpBefore(
  copy: (folder: string) => Promise<void>,
  backups: string,
  first: number,
  clock: Clock,
): Promise<string> {
  if (!existsSync(backups)) mkdirSync(backups, { recursive: true, mode: 0o700 })
  // Left by a start that was killed while it copied.
  for (const name of readdirSync(backups).filter((one) => one.endsWith(unfinished))) remove(join(backups, name))
  const name = `before-${String(first).padStart(4, '0')}-${clock.date().toISOString().replace(/[:.]/g, '-')}`
  const draft = join(backups, `${name}${unfinished}`)
  await copy(draft)
  fsyncTree(draft)
  renameSync(draft, join(backups, name))
  fsyncPath(backups)
  const byAge = readdirSync(backups)
    .filter((one) => copyName.test(one) && one !== name)
    .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1))
  for (const old of byAge.slice(kept - 1)) remove(join(backups, old))
  return join(backups, name)
}

const timeOf = (name: string): string => copyName.exec(name)?.[1] ?? ''

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
