import { createHash } from 'node:crypto'
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Registry } from 'prom-client'
import { afterAll, beforeAll } from 'vitest'
import { type LifecycleState, rolePermissions } from '../../../../contract/index.ts'
import { addVersion, type HubSetup, quietLog, setUpHub } from '../../../../test/support/index.ts'
import { manifestDigest, replaceFileRows } from '../../../modules/artifacts/index.ts'
import { getVersion, type NamedVersionRow, patchVersion } from '../../../modules/catalog/index.ts'
import {
  createFileLists,
  createGitNames,
  createPullLedger,
  type PullLedger,
} from '../../../modules/distribution/index.ts'
import { createCallerCache, createToken } from '../../../modules/identity/index.ts'
import { fingerprintOf } from '../../../modules/sources/index.ts'
import type { Database } from '../../../platform/db/index.ts'
import { createApp } from '../../app.ts'
import type { Handlers } from '../../call.ts'
import { type Listening, listen } from '../../listen.ts'

export type Door = {
  hub: HubSetup
  /** `http://127.0.0.1:<port>` */
  origin: string
  pulls: PullLedger
  tokens: { admin: string; viewer: string; nobody: string }
  /** A sealed version whose files are on the disk (`in_place`) or in the store. */
  addFiles: (
    name: string,
    files: Record<string, string | Uint8Array>,
    options?: { state?: LifecycleState; stored?: 'in_place' | 'blob' },
  ) => Promise<NamedVersionRow & { folder: string }>
}

/** The door of a hub on the block's database, behind a real listener. */
export function setUpDoor(getDb: () => Database, options: { anonymous?: boolean } = {}): () => Door {
  const hub = setUpHub(getDb)
  let door: Door | undefined
  let server: Listening | undefined
  beforeAll(async () => {
    const deps = hub()
    const database = getDb()
    const mint = async (name: string, roles: string[]) => (await createToken(deps, admin, { name, roles })).token
    const admin = { type: 'system' as const, id: 'test', name: 'Test', permissions: new Set(rolePermissions.admin) }
    const pulls = createPullLedger(deps, { flushEveryMs: 20 })
    const app = createApp({} as Handlers, {
      database,
      clock: deps.clock,
      log: quietLog(),
      publicOrigin: 'https://hub.example',
      authentication: {
        database,
        clock: deps.clock,
        callers: createCallerCache(deps.clock),
        sessions: {
          read: () => Promise.resolve(null),
          signIn: () => Promise.resolve(null),
          signOut: () => Promise.resolve({ setCookie: [] }),
        },
        adminToken: undefined,
      },
      internal: {
        joinToken: 'join-token',
        openSnapshotStream: () => new Blob(['']).stream(),
        storeUsage: () => Promise.resolve(),
      },
      door: {
        database,
        clock: deps.clock,
        log: quietLog(),
        blobs: deps.blobs,
        lists: createFileLists(() => database.db),
        gitNames: createGitNames(deps),
        pulls,
        anonymous: options.anonymous === true,
        publicUrl: 'https://hub.example',
      },
      system: { version: '1', ready: () => Promise.resolve(), registry: new Registry(), observe: () => undefined },
      webFolder: deps.dataFolder,
      connectOrigins: [],
    })
    server = await listen(app, { host: '127.0.0.1', port: 0 })
    door = {
      hub: deps,
      origin: `http://127.0.0.1:${server.port}`,
      pulls,
      tokens: {
        admin: await mint('admin', ['admin']),
        viewer: await mint('viewer', ['viewer']),
        nobody: await mint('nobody', []),
      },
      addFiles: (name, files, more) => addFiles(deps, name, files, more),
    }
  })
  afterAll(async () => {
    await server?.close()
    await door?.pulls.close()
  })
  return () => {
    if (door === undefined) throw new Error('there is a door only inside a test')
    return door
  }
}

async function addFiles(
  hub: HubSetup,
  name: string,
  files: Record<string, string | Uint8Array>,
  options: { state?: LifecycleState; stored?: 'in_place' | 'blob' } = {},
): Promise<NamedVersionRow & { folder: string }> {
  const { state = 'published', stored = 'in_place' } = options
  const made = await addVersion(hub, { name, state })
  const folder = join(hub.dataFolder, 'door', made.id)
  const rows = await Promise.all(
    Object.entries(files).map(async ([path, content], ordinal) => {
      const bytes = Buffer.from(content)
      const real = join(folder, path)
      mkdirSync(dirname(real), { recursive: true })
      writeFileSync(real, bytes)
      if (stored === 'blob') await hub.blobs.put(real)
      return {
        version_id: made.id,
        path,
        ordinal,
        size: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        stored,
        real_path: stored === 'blob' ? null : real,
        fingerprint: stored === 'blob' ? null : fingerprintOf(statSync(real, { bigint: true })),
        format: null,
        format_title: null,
        verdict: 'pass' as const,
        finding_count: 0,
      }
    }),
  )
  await hub.database.transaction(async (trx) => {
    await replaceFileRows(trx, made.id, rows as never)
    const total_bytes = rows.reduce((sum, row) => sum + row.size, 0)
    const patch = { digest: manifestDigest(rows), file_count: rows.length, total_bytes }
    await patchVersion(trx, made.id, patch, hub.clock.date())
  })
  return { ...(await getVersion(hub.database.db, made.id)), folder }
}
