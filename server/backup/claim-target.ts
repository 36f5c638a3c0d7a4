import { realpathSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { conflict, type HubError, invalid, randomText } from '../../kernel/index.ts'
import { fsyncPath } from '../platform/db/durable-file-system.ts'
import { codeOf } from './copy-file.ts'
import { unfinishedFile } from './layout.ts'

export type ClaimedTarget = {
  /** Absolute, links resolved. */
  path: string
  /** The content of the mark: who knows it can write here. */
  proof: string
  /** Removes what was written, unless it became a whole backup. */
  abandon: () => Promise<void>
}

/**
 * Makes the folder of a new backup, or takes an empty one, and puts the mark of an unfinished backup into it.
 * Throws `conflict` `backup_target_taken`, `invalid` `backup_target_inside_data`.
 */
export async function claimTarget(target: string, dataFolder: string): Promise<ClaimedTarget> {
  const wanted = resolve(target)
  assertOutside(wanted, dataFolder)
  const made = await mkdir(wanted, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR') throw taken(wanted, 'is no folder')
    throw error
  })
  const path = realpathSync(wanted)
  if ((await readdir(path)).length > 0) throw taken(path, 'is not empty')
  // It will hold secrets, whoever made the folder. Where it is not ours to change, what is put there is private all the same.
  await chmod(path, 0o700).catch(() => undefined)
  const proof = randomText(26)
  await writeFile(join(path, unfinishedFile), proof, { mode: 0o600, flag: 'wx', flush: true })
  fsyncPath(path)
  fsyncPath(dirname(path))
  const abandon = async () => {
    await abandonTarget(path, proof)
    if (made !== undefined) await rmdir(path).catch(() => undefined)
  }
  return { path, proof, abandon }
}

/**
 * Checks that a folder waits for this backup: who asks must have put the mark there, so that nobody makes the hub write where he
 * himself cannot. Throws `invalid` `backup_target_not_absolute`, `backup_target_inside_data`, `conflict` `backup_target_not_claimed`.
 */
export async function assertClaimed(target: string, proof: string, dataFolder: string): Promise<void> {
  if (!isAbsolute(target)) {
    throw invalid(
      'backup_target_not_absolute',
      'The folder for the backup must be named in full.',
      'Begin it with a slash.',
    )
  }
  assertOutside(target, dataFolder)
  if (await holdsProof(target, proof)) return
  throw conflict(
    'backup_target_not_claimed',
    `The hub does not find the mark of this backup in ${target}.`,
    "Run `modelhub backup` on the hub's machine, with a folder that both you and the hub can write to.",
  )
}

/** Removes what was written and the mark, unless it became a whole backup. */
export async function abandonTarget(target: string, proof: string): Promise<void> {
  if (!(await holdsProof(target, proof))) return
  await clearTarget(target)
  await rm(join(target, unfinishedFile), { force: true })
}

/** Removes everything but the mark. The mark must have been checked. */
export async function clearTarget(target: string): Promise<void> {
  for (const name of await readdir(target)) {
    if (name !== unfinishedFile) await rm(join(target, name), { recursive: true, force: true })
  }
}

async function holdsProof(target: string, proof: string): Promise<boolean> {
  const path = join(target, unfinishedFile)
  const about = await lstat(path).catch(() => undefined)
  if (about?.isFile() !== true || about.size > 100) return false
  return (await readFile(path, 'utf8').catch(() => '')) === proof
}

/** A backup of a folder inside that folder would be lost with it, and would be in the next one. */
function assertOutside(target: string, dataFolder: string): void {
  const path = nearestReal(target)
  const data = nearestReal(dataFolder)
  const below = relative(data, path)
  if (below === '..' || below.startsWith('../') || isAbsolute(below)) return
  throw invalid(
    'backup_target_inside_data',
    `${target} lies in the data folder ${dataFolder}.`,
    'Choose a folder elsewhere, best on another disk.',
  )
}

/** The path with the links of what exists of it resolved. */
function nearestReal(path: string): string {
  const full = resolve(path)
  try {
    return realpathSync(full)
  } catch {
    const above = dirname(full)
    return above === full ? full : join(nearestReal(above), relative(above, full))
  }
}

const taken = (path: string, what: string): HubError =>
  conflict('backup_target_taken', `${path} ${what}.`, 'Name a folder that does not exist yet, or an empty one.')
