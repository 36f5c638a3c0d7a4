import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildKnownBigram } from '../engine/index.ts'
import type { Clock, NewId } from '../kernel/index.ts'
import { getModel } from './modules/catalog/index.ts'
import {
  createKey,
  createSetupLink,
  createToken,
  findTokenByHash,
  hashSecret,
  setupNeeded,
} from './modules/identity/index.ts'
import { onboard, type StartDeps } from './modules/lifecycle/index.ts'
import { resolveProject } from './modules/projects/index.ts'
import { systemActor } from './platform/actor.ts'
import type { Config } from './platform/config.ts'
import { takeTurn } from './platform/db/index.ts'
import { makeFolderDurably, replaceFileDurably } from './platform/durable-files.ts'

/** Name of the model that the hub generates itself. */
export const starterName = 'modelhub/starter'

/** What the first start tells the operator. */
export type Announcement = {
  /** Null once an administrator exists. */
  setupUrl: string | null
  /** Null but on the start that made it. */
  starterKey: string | null
}

/**
 * What a start adds where it is missing: the setup link while nobody administers the hub, the local token of the command line, and on
 * the first start the starter model with a key that may call nothing else.
 */
export async function firstStart(deps: StartDeps, config: Config): Promise<Announcement> {
  makeFolderDurably(join(config.dataFolder, 'models'), 0o755)
  // Nobody talks to a worker, and the link that another process has printed must not stop working because of it.
  if (config.role === 'worker') return { setupUrl: null, starterKey: null }
  return takeTurn(deps.database, 'modelhub.first-start', async () => {
    await ensureLocalToken(deps, config.dataFolder)
    const setupUrl = (await setupNeeded(deps)) ? `${config.publicUrl}/setup?token=${await createSetupLink(deps)}` : null
    const starterKey = config.starter ? await ensureStarter(deps, config.dataFolder) : null
    return { setupUrl, starterKey }
  })
}

/** The token with which `modelhub` on this machine reaches the hub; readable by the owner of the data folder only. */
async function ensureLocalToken(deps: StartDeps & { clock: Clock; newId: NewId }, dataFolder: string): Promise<void> {
  const path = join(dataFolder, 'cli-token')
  const present = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (present !== '') {
    const row = await findTokenByHash(deps.database.db, hashSecret(present))
    if (row !== undefined && row.revoked_at === null) return
  }
  const { token } = await createToken(deps, systemActor, { name: 'Local command line', roles: ['admin'] })
  replaceFileDurably(path, `${token}\n`)
}

async function ensureStarter(deps: StartDeps, dataFolder: string): Promise<string | null> {
  const known = await getModel(deps.database.db, starterName).catch(() => null)
  if (known !== null) return null
  const folder = join(dataFolder, 'starter', 'known-bigram')
  makeFolderDurably(folder, 0o755)
  for (const file of buildKnownBigram().files) replaceFileDurably(join(folder, file.name), file.bytes)
  const project = await resolveProject(deps.database.db, undefined)
  const { key } = await createKey(deps, systemActor, {
    name: 'Starter key',
    projectId: project.id,
    models: [starterName],
  })
  await onboard(
    deps,
    systemActor,
    {
      name: starterName,
      // Copied: a data folder that is moved or restored keeps its starter.
      source: { type: 'disk', path: folder, mode: 'copy' },
      description:
        'A known-answer model that this hub generated: it continues the alphabet and the digits. It proves that everything works; it knows nothing else.',
      tags: ['starter', 'known-answer'],
      onboarding: { benchmark: true, evaluate: true, publish: true },
      start: true,
    },
    { ownerId: null, starter: true },
  )
  return key
}
