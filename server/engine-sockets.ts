import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conflict, messageOf } from '../kernel/index.ts'
import { processIsGone } from './platform/process-gone.ts'

/**
 * Makes the folder for the engine's socket, and removes those that killed hubs of the same data folder left behind. It lies outside the
 * data folder, because the path of a socket may have 107 bytes at most; its name says whose it is: data folder, process. Where TMPDIR
 * leads nowhere or is too long itself, /tmp serves. Throws `conflict` `temporary_folder_unusable`.
 */
export async function makeSocketsFolder(dataFolder: string): Promise<string> {
  const prefix = `modelhub-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 6)}-`
  let failure: unknown
  for (const folder of new Set([tmpdir(), '/tmp'])) {
    if (Buffer.byteLength(folder) > longestTemporary) continue
    try {
      await removeLeftOver(folder, prefix)
      return await mkdtemp(join(folder, `${prefix}${process.pid.toString(36)}-`))
    } catch (error) {
      failure ??= error
    }
  }
  throw conflict(
    'temporary_folder_unusable',
    `The folder for temporary files ${tmpdir()} cannot be used: ${messageOf(failure)}`,
    'Set TMPDIR to a folder that exists and that this user may write.',
    { cause: failure },
  )
}

/** The engine host takes paths of at most 90 bytes; the folder's own name and the socket's need the rest. */
const longestTemporary = 48

async function removeLeftOver(folder: string, prefix: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number.parseInt(name.slice(prefix.length), 36)
    if (!name.startsWith(prefix) || !(pid > 0) || !processIsGone(pid)) continue
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}
