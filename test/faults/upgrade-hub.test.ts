import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import { readMigrations } from '../../server/platform/db/index.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, useHubs } from '../e2e/support/hub.ts'
import { endOfJob } from '../e2e/support/work.ts'
import { openAt } from './support/old-schema.ts'
import { serveOnce } from './support/serve-once.ts'

const latest = readMigrations().at(-1)?.version ?? 0

describeHub('a data folder of another version', () => {
  const hubs = useHubs()

  it('of the first schema starts with the present hub, and its queued job is done', async () => {
    const place = await hubs.place()
    mkdirSync(place.data, { mode: 0o700 })
    const old = await openAt({ dataFolder: place.data, fsync: false }, 1)
    await sql`insert into job (id, kind, title, state, input, project_id, actor, run_after, created_at) values ('job_old', 'scrub',
      'Check stored files', 'queued', '{}', 'prj_1', '{"type":"user","id":"usr_1","name":"Ada"}', '2026-01-01', '2026-01-01')`.execute(
      old.db,
    )
    await old.close()
    const hub = await hubs.start({ place })
    expect(await endOfJob(hub, 'job_old')).toMatchObject({ state: 'succeeded' })
    expect(await unwrap(hub.api.GET('/models', { params: { query: {} } }))).toMatchObject({ items: [] })
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await hub.stop()
    expect(readdirSync(join(place.data, 'backups'))).toEqual([expect.stringMatching(/^before-0002-/)])
    expect(JSON.parse(readFileSync(join(place.data, 'VERSION.json'), 'utf8'))).toMatchObject({ schema: latest })
  }, 180_000)

  it('of a newer hub is refused with 78, and is left as it is', async () => {
    const place = await hubs.place()
    mkdirSync(join(place.data, 'db'), { recursive: true, mode: 0o700 })
    writeFileSync(join(place.data, 'db', 'PG_VERSION'), '17\n')
    const version = `{"schema":${latest + 1},"hubVersion":"99.0.0"}\n`
    writeFileSync(join(place.data, 'VERSION.json'), version)
    const ended = await serveOnce(place, { limitMs: 60_000 })
    expect(ended).toMatchObject({ code: 78, left: [] })
    expect(ended.stderr).toContain(`The data has schema ${latest + 1} (hub 99.0.0)`)
    expect(readFileSync(join(place.data, 'VERSION.json'), 'utf8')).toBe(version)
    expect(readdirSync(join(place.data, 'db'))).toEqual(['PG_VERSION'])
  }, 90_000)
})
