import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../../platform/db/index.ts'
import type { Log } from '../../../platform/log.ts'
import { versionsOfFolders } from '../store.ts'

type Deps = { database: Database; importsFolder: string; log: Log }

export type Imports = {
  /** The folder of an import under way: it is left alone until `done` is called. */
  hold: (folder: string) => { done: () => void }
  /** Removes what no version needs any more. */
  sweep: () => Promise<number>
  stop: () => void
}

const everyMs = 10_000
/** Hubs that share a PostgreSQL may share the folder too: what another one is just unpacking is not known here. */
const othersMs = 24 * 3_600_000

/** Keeps unpacked imports as long as their versions may be ingested from them: until they are verified, or gone. */
export function createImports(deps: Deps): Imports {
  const held = new Set<string>()
  let running: Promise<number> | undefined
  const sweepNow = async () => {
    const folders = (await readdir(deps.importsFolder).catch(() => []))
      .map((name) => join(deps.importsFolder, name))
      .filter((folder) => !held.has(folder))
    if (folders.length === 0) return 0
    const versions = await versionsOfFolders(deps.database.db, folders)
    let removed = 0
    for (const folder of folders) {
      const users = versions.filter(({ path }) => path === folder)
      const needed = users.some(({ state, active_job_id: job }) => job !== null || !ended.has(state))
      if (needed || held.has(folder) || (users.length === 0 && (await mayBeAnothers(deps, folder)))) continue
      await rm(folder, { recursive: true, force: true })
      removed += 1
    }
    return removed
  }
  const sweep = () => {
    running ??= sweepNow().finally(() => {
      running = undefined
    })
    return running
  }
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => deps.log.warn({ err: error }, 'could not remove unpacked imports'))
  }, everyMs)
  timer.unref()
  return {
    hold: (folder) => {
      held.add(folder)
      return { done: () => void held.delete(folder) }
    },
    sweep,
    stop: () => clearInterval(timer),
  }
}

/** From then on the files are in the store. */
const ended = new Set(['verified', 'evaluated', 'published', 'archived'])

async function mayBeAnothers({ database }: Deps, folder: string): Promise<boolean> {
  if (database.kind === 'embedded') return false
  const found = await stat(folder).catch(() => null)
  return found !== null && found.mtimeMs > Date.now() - othersMs
}
