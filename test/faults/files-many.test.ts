import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { readFiles } from '../../server/modules/lifecycle/show/read-tabs.ts'
import { readinessOf } from '../../server/modules/lifecycle/show/readiness.ts'
import { figure } from '../e2e/support/work.ts'
import { describeEachDatabase, person } from '../support/index.ts'
import { setUpFileHub, useFolder } from './support/file-hub.ts'
import { amount, lanes } from './support/plan.ts'

const files = amount({ slice: 1_200, full: 100_000 })

describeEachDatabase(
  'very many files',
  (getDb, lane) => {
    const hub = setUpFileHub(getDb)
    const folder = useFolder('many')

    test(
      `${files} small files are one version, and everybody else has their turn meanwhile`,
      async () => {
        for (let i = 0; i < files; i++) {
          const inner = join(folder.path, `d${Math.floor(i / 1_000)}`)
          if (i % 1_000 === 0) mkdirSync(inner)
          // A tenth are the same bytes, as licenses and empty markers are.
          writeFileSync(join(inner, `f${i}.json`), i % 10 === 0 ? '{}' : `{"n":${i}}`)
        }
        const id = await hub.register(folder.path)
        const times: string[] = []
        const lags: string[] = []
        let since = performance.now()
        let step = 'register'
        const lag = monitorEventLoopDelay({ resolution: 5 })
        lag.enable()
        let peak = 0
        let slowest = { ms: 0, in: '' }
        let over = false
        // What a person sees beside it: a small question to the same database, again and again.
        const asking = (async () => {
          while (!over) {
            const began = performance.now()
            await sql`select 1`.execute(getDb().db)
            const ms = performance.now() - began
            if (ms > slowest.ms) slowest = { ms, in: step }
            peak = Math.max(peak, process.memoryUsage().rss)
            await sleep(20)
          }
        })()
        const mark = (next: string) => {
          times.push(`${step} ${((performance.now() - since) / 1_000).toFixed(1)} s`)
          lags.push(`${step} ${(lag.max / 1e6).toFixed(0)}`)
          lag.reset()
          since = performance.now()
          step = next
        }
        const version = await hub.onboard(id, { before: mark })
        mark('lists')
        over = true
        await asking
        expect(version, JSON.stringify(version.state_reason)).toMatchObject({
          state: 'verified',
          verdict: 'pass',
          file_count: files,
        })

        const first = await readFiles(getDb().db, id, { limit: 200 })
        expect(first.items).toHaveLength(200)
        const second = await readFiles(getDb().db, id, {
          limit: 200,
          ...(first.nextCursor === null ? {} : { cursor: first.nextCursor }),
        })
        expect(second.items[0]?.path).not.toBe(first.items[0]?.path)
        expect(
          (await readinessOf(hub.deps(), id, person())).checks.find((check) => check.id === 'integrity'),
        ).toMatchObject({
          status: 'pass',
        })
        mark('end')
        lag.disable()
        figure(`${files} files [${lane.kind}]: ${times.join(', ')}`)
        figure(`longest pause of the event loop in ms: ${lags.join(', ')}`)
        figure(
          `slowest question ${slowest.ms.toFixed(0)} ms (in ${slowest.in}); peak ${(peak / 2 ** 20).toFixed(0)} MiB of this process`,
        )
      },
      amount({ slice: 120_000, full: 2_400_000 }),
    )
  },
  { shared: true, lanes },
)
