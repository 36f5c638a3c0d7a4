import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { entry } from '../../kernel/index.ts'
import { createScannerPool, judge } from '../../scanner/index.ts'
import { plainGguf } from '../../scanner/testing/gguf-bytes.ts'
import { readFileRows } from '../../server/modules/artifacts/index.ts'
import { getVersion } from '../../server/modules/catalog/index.ts'
import { processesBelow, stillRunning } from '../e2e/support/processes.ts'
import { figure } from '../e2e/support/work.ts'
import { describeEachDatabase, temporaryFolder, waitUntil } from '../support/index.ts'
import { setUpFileHub, useFolder } from './support/file-hub.ts'

const hostile = entry('../../scanner/testing/hostile-child', import.meta.url)

/** The scanner child below a process, once it is in its endless loop. */
const loopingChild = (below: number) => processesBelow(below).find(({ command }) => command.startsWith('hanging'))

describe.skipIf(process.platform !== 'linux')('a scanner child', () => {
  const folder = temporaryFolder('scanner')
  const path = join(folder.path, 'm.gguf')
  writeFileSync(path, plainGguf())
  afterAll(() => folder.remove())

  test('that is stopped in the middle is ended at its deadline; the next file is inspected', async () => {
    const pool = createScannerPool({ size: 1, main: hostile, limits: { deadlineBaseMs: 3_000, startMs: 60_000 } })
    const hanging = pool.inspect({ path, name: 'hang' })
    const next = pool.inspect({ path, name: 'well' })
    const child = await waitUntil(() => loopingChild(process.pid), 60_000)
    process.kill(child.pid, 'SIGSTOP')
    const { facts } = await hanging
    expect(judge(facts).verdict).toBe('incomplete')
    expect(facts.observations[0]?.detail).toMatch(/longer than|start in time/)
    expect((await next).facts.format).toBe('hostile')
    await pool.close()
    expect(stillRunning([child])).toEqual([])
  }, 90_000)

  test.each(['SIGSTOP', 'nothing'])(
    'does not outlive its killed parent, with %s before',
    async (signal) => {
      const parent = spawn(
        process.execPath,
        [fileURLToPath(new URL('./support/scanning-parent.ts', import.meta.url)), path],
        {
          stdio: 'ignore',
        },
      )
      const child = await waitUntil(() => loopingChild(parent.pid ?? 0), 60_000)
      if (signal === 'SIGSTOP') process.kill(child.pid, 'SIGSTOP')
      parent.kill('SIGKILL')
      const began = performance.now()
      await waitUntil(() => stillRunning([child]).length === 0, 10_000)
      figure(`a looping child (${signal}) was gone ${Math.round(performance.now() - began)} ms after its parent`)
    },
    90_000,
  )
})

describeEachDatabase(
  'an onboarding that is cancelled',
  (getDb) => {
    const hub = setUpFileHub(getDb)
    const folder = useFolder('cancelled')
    let made = 0

    test.each([
      ['plan', 'in_place'],
      ['ingest', 'in_place'],
      ['ingest', 'copy'],
      ['inspect', 'in_place'],
    ] as const)(
      'in %s (%s) ends at once, leaves nothing half done, and can be done again',
      async (step, mode) => {
        const path = join(folder.path, `m${(made += 1)}`)
        mkdirSync(path)
        // A text is swept to its end, so that scanning takes a while too. Large files are inspected while they are hashed.
        const large = step === 'inspect' ? [0, 1, 2, 3] : [0]
        for (const i of large) {
          const text = Buffer.alloc(100_000_000 / large.length, `${made} ${i} words and words\n`)
          writeFileSync(join(path, `large-${i}.txt`), text)
        }
        for (let i = large.length; i < 51; i++) writeFileSync(join(path, `${i}.json`), `{"n":${i}}`)
        const id = await hub.register(path, mode)
        const stop = new AbortController()
        let at = 0
        const cancel = () => {
          if (at !== 0) return
          at = performance.now()
          stop.abort(new Error('cancelled'))
        }
        const running = hub.onboard(id, {
          signal: stop.signal,
          before: (next) => void (next === step && setTimeout(cancel, step === 'plan' ? 0 : 60)),
        })
        const error: unknown = await running.then(
          () => undefined,
          (reason: unknown) => reason,
        )
        const ms = performance.now() - at
        figure(`cancelled in ${step} (${mode}): over after ${Math.round(ms)} ms`)
        expect(String(error)).toContain('cancelled')
        expect(ms).toBeLessThan(2_000)
        expect(readdirSync(join(hub.deps().dataFolder, 'blobs/tmp'))).toEqual([])
        expect(scannersBelow()).toEqual([])
        expect(await getVersion(getDb().db, id)).toMatchObject({
          state: 'draft',
          digest: step === 'inspect' ? (expect.any(String) as string) : null,
        })
        expect(await hub.onboard(id)).toMatchObject({ state: 'verified', verdict: 'pass', file_count: 51 })
        expect(
          (await readFileRows(getDb().db, id)).every(({ sha256, verdict }) => sha256 !== null && verdict === 'pass'),
        ).toBe(true)
      },
      120_000,
    )
  },
  { shared: true, lanes: ['embedded'] },
)

const scannersBelow = () => {
  try {
    return processesBelow(process.pid).filter(({ pid }) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('scanner/child'),
    )
  } catch {
    return []
  }
}
