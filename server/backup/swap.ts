import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { conflict, HubError } from '../../kernel/index.ts'
import { fsyncPath } from '../platform/db/durable-file-system.ts'
import { lockFolder } from '../platform/db/folder-lock.ts'

// A restore prepares the new content inside the data folder and then changes places by renames, which work on any disk, mounted ones
// included. The list of those renames is written first: from that instant on the restore has happened, and whoever finds the list
// carries it out.

/** The new content while it is copied and checked. */
export const stagingFolder = 'restoring'
const journalFile = 'restore.json'
const asidePrefix = 'before-restore-'

type Rename = (from: string, to: string) => void
type Journal = { aside: string | null; old: string[]; fresh: string[] }

/** What stays where it is: the lock, what lies there on other business, and models that are registered where they lie. */
const stays = (name: string): boolean =>
  name.startsWith('hub.lock.sqlite') ||
  name.startsWith(asidePrefix) ||
  ['hub.pid', 'models', stagingFolder, journalFile, `${journalFile}.new`].includes(name)

/** Names in a data folder that a restore would move aside. */
export async function contentOf(dataFolder: string): Promise<string[]> {
  return (await readdir(dataFolder)).filter((name) => !stays(name)).sort()
}

/**
 * Puts the staged content in place. Survives a kill at any instant: before the journal is there the old hub is, afterwards the new one.
 * @param label becomes part of the name of the folder that the old content goes to
 * @returns that folder; null when there was nothing
 */
export async function swapIn(dataFolder: string, label: string, rename: Rename = renameSync): Promise<string | null> {
  const old = await contentOf(dataFolder)
  const fresh = (await readdir(join(dataFolder, stagingFolder))).sort()
  const aside = old.length === 0 ? null : await unusedName(dataFolder, `${asidePrefix}${label}`)
  if (aside !== null) {
    await mkdir(join(dataFolder, aside), { mode: 0o700 })
    fsyncPath(dataFolder)
  }
  await writeJournal(dataFolder, { aside, old, fresh })
  finishSwap(dataFolder, rename)
  return aside === null ? null : join(dataFolder, aside)
}

/** Carries out what a journal says, from wherever an earlier try got to. The folder must be locked. */
export function finishSwap(dataFolder: string, rename: Rename = renameSync): void {
  const journal = JSON.parse(readFileSync(join(dataFolder, journalFile), 'utf8')) as Journal
  const staging = join(dataFolder, stagingFolder)
  if (journal.aside !== null) {
    const aside = join(dataFolder, journal.aside)
    for (const name of journal.old) {
      const [from, to] = [join(dataFolder, name), join(aside, name)]
      // Once it lies aside, what has the name is the new one.
      if (existsSync(from) && !existsSync(to)) rename(from, to)
    }
    fsyncPath(aside)
  }
  for (const name of journal.fresh) {
    const from = join(staging, name)
    if (existsSync(from)) rename(from, join(dataFolder, name))
  }
  fsyncPath(dataFolder)
  rmSync(staging, { recursive: true, force: true })
  rmSync(join(dataFolder, journalFile))
  fsyncPath(dataFolder)
}

/**
 * Ends what a killed restore left in a data folder that is locked: finishes one that had happened, removes one that had not.
 * @returns whether a restore was finished
 */
export function settleLocked(dataFolder: string): boolean {
  const happened = existsSync(join(dataFolder, journalFile))
  if (happened) finishSwap(dataFolder)
  rmSync(join(dataFolder, stagingFolder), { recursive: true, force: true })
  rmSync(join(dataFolder, `${journalFile}.new`), { force: true })
  return happened
}

/**
 * The same for a folder that is not locked, such as at the start of a hub. Costs nothing where there is nothing to do.
 * Throws `conflict` `restore_running` while a restore is at work.
 */
export function settleRestore(dataFolder: string): boolean {
  const names = [journalFile, stagingFolder].map((name) => join(dataFolder, name))
  if (!names.some((path) => existsSync(path))) return false
  const unlock = lockForSettling(dataFolder)
  try {
    return settleLocked(dataFolder)
  } finally {
    unlock()
  }
}

function lockForSettling(dataFolder: string): () => void {
  try {
    return lockFolder(dataFolder)
  } catch (error) {
    if (!(error instanceof HubError) || error.code !== 'data_folder_in_use') throw error
    throw conflict(
      'restore_running',
      `A restore is at work on the data folder ${dataFolder}.`,
      'Wait until `modelhub restore` has ended, then start the hub.',
    )
  }
}

async function writeJournal(dataFolder: string, journal: Journal): Promise<void> {
  const path = join(dataFolder, journalFile)
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(journal)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  renameSync(`${path}.new`, path)
  fsyncPath(dataFolder)
}

async function unusedName(dataFolder: string, wanted: string): Promise<string> {
  const taken = new Set(await readdir(dataFolder))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted}-${n}`
    if (!taken.has(name)) return name
  }
}
