import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, copyFile } from './copy-file.ts'
import { isBackupPath, starterFolder, usageFolder } from './layout.ts'
import { walk } from './walk.ts'

/** A segment that is closed while it is copied gets another name: so often is the folder looked at again. */
const looks = 5

/**
 * Copies the usage records that the control plane has not acknowledged. To be called before the database is copied: a record is then
 * in one of the two at least, and the sequence of its gateway lets it count once.
 */
export async function copyUsage(dataFolder: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  const from = join(dataFolder, usageFolder)
  const to = join(target, usageFolder)
  const names = () => readdir(from).catch(() => [])
  if ((await names()).length === 0) return
  await mkdir(to, { recursive: true, mode: 0o700 })
  const done = new Set<string>()
  for (let look = 0; look < looks; look++) {
    const left = (await names()).filter((name) => !done.has(name) && isBackupPath(`${usageFolder}/${name}`))
    if (left.length === 0) return
    for (const name of left) {
      done.add(name)
      await copyIfThere(join(from, name), join(to, name), signal)
    }
  }
}

/** Copies the files of the starter model, from which its onboarding can still be repeated. */
export async function copyStarter(dataFolder: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  const from = join(dataFolder, starterFolder)
  const there = await readdir(from).catch(() => [])
  if (there.length === 0) return
  for await (const found of walk(from)) {
    if (found.kind !== 'file' || !isBackupPath(`${starterFolder}/${found.path}`)) continue
    const to = join(target, starterFolder, found.path)
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await copyIfThere(join(from, found.path), to, signal)
  }
}

/** A file that has gone meanwhile was delivered or replaced. */
async function copyIfThere(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await copyFile(from, to, { signal })
  } catch (error) {
    await rm(to, { force: true })
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
