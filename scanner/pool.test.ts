import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { entry } from '../kernel/index.ts'
import { waitUntil } from '../test/support/index.ts'
import { judge } from './judge.ts'
import { probeMachine } from './pool/command.ts'
import { createScannerPool, type InspectResult, type ScannerPoolOptions } from './pool.ts'
import { plainGguf } from './testing/gguf-bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'scanner-pool-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'm.gguf')
writeFileSync(path, plainGguf())
const hostile = { main: entry('./testing/hostile-child', import.meta.url) }

async function run(names: string[], options: Partial<ScannerPoolOptions> = {}): Promise<InspectResult[]> {
  const pool = createScannerPool({ size: 1, ...options })
  try {
    return await Promise.all(names.map((name) => pool.inspect({ path, name })))
  } finally {
    await pool.close()
  }
}
/** Scanner children of this process, by the process table. */
const childrenOfThis = (): number[] =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('hostile-child'))
const reasonOf = (result: InspectResult | undefined): string => result?.facts.observations[0]?.detail ?? ''

test('a file is inspected in isolation, and the result says which safeguards held', async () => {
  const [result] = await run(['m.gguf'])
  expect(result?.facts.format).toBe('gguf')
  expect(judge(result!.facts, { path: 'm.gguf' })).toEqual({ verdict: 'pass', findings: [] })
  expect(result?.isolation).toMatchObject({ process: true, permissionModel: true, networkPreload: true })
  expect(result?.isolation.deadlineMs).toBeGreaterThanOrEqual(10_000)
})

test('where the machine does not offer what it looks like, a child starts without, and the result says so', async () => {
  const log: string[] = []
  const [result] = await run(['m.gguf'], {
    machine: { unshare: '/bin/false', setpriv: '/bin/false', limits: true },
    log: ({ reason }) => log.push(reason),
  })
  expect(result?.facts.format).toBe('gguf')
  expect(log).toEqual([])
  expect(result?.isolation.networkNamespace).toBe((await probeMachine()).unshare !== undefined)
})

test('many files share a child', async () => {
  const started = performance.now()
  const results = await run(Array.from({ length: 300 }, (_none, i) => `f${i}.gguf`))
  expect(results.every((result) => result.facts.format === 'gguf')).toBe(true)
  expect(performance.now() - started).toBeLessThan(8000)
})

test('the child has no network, no files, no environment', async () => {
  const results = await run(['connect', 'fetch', 'read', 'environment'], hostile)
  const [connect, fetched, read, environment] = results.map(reasonOf)
  expect(connect).toContain('no network')
  expect(fetched).toContain('no network')
  expect(read).toMatch(/restricted|denied/i)
  expect(JSON.parse(environment ?? '') as string[]).toEqual([])
})

test('a crash blames the file in progress; the others are inspected all the same', async () => {
  const log: string[] = []
  const results = await run(['a', 'kill', 'b'], { ...hostile, log: (event) => log.push(event.path) })
  const first = judge(results[1]!.facts)
  expect(first.verdict).toBe('incomplete')
  expect(first.findings[0]).toMatchObject({ ruleId: 'SCAN-INCOMPLETE-001', severity: 'high' })
  expect(reasonOf(results[1])).toContain('SIGKILL')
  expect(results[2]?.facts.format).toBe('hostile')
  expect(log).toContain('kill')
})

test.runIf(process.platform === 'linux')('a child that is ended from outside blames nobody', async () => {
  const log: string[] = []
  const running = run(['slow'], { ...hostile, log: (event) => log.push(event.reason) })
  const child = await waitUntil(() => childrenOfThis()[0], 20_000)
  await new Promise((resolve) => setTimeout(resolve, 700))
  process.kill(child, 'SIGKILL')
  const [result] = await running
  expect(result?.facts.format).toBe('hostile')
  expect(log[0]).toBe('ended early; the file is inspected once more')
})

test('a deadline ends a hang', async () => {
  const results = await run(['hang', 'b'], { ...hostile, limits: { deadlineBaseMs: 300 } })
  expect(reasonOf(results[0])).toContain('longer than 300 ms')
  expect(results[1]?.facts.format).toBe('hostile')
})

test('a child that says that a file unpacks to much gets more time for it, at once', async () => {
  const results = await run(['more', 'slow'], { ...hostile, limits: { deadlineBaseMs: 700 } })
  expect(results[0]?.facts.format).toBe('hostile')
  expect(reasonOf(results[1])).toContain('longer than 700 ms')
})

test('the memory cap ends a hog', async () => {
  const [result] = await run(['hog'], { ...hostile, limits: { dataBytes: 4 * 1024 ** 3 } })
  expect(reasonOf(result)).toContain('256 MiB')
})

test.runIf(process.platform === 'linux')('the kernel limit ends a hog that is not watched in time', async () => {
  const [result] = await run(['hog'], { ...hostile, limits: { residentBytes: Number.MAX_SAFE_INTEGER } })
  expect(result?.isolation.dataLimitBytes).toBe(1024 ** 3)
  expect(judge(result!.facts).verdict).toBe('incomplete')
})

test('cancelling one file ends it, not the pool', async () => {
  const pool = createScannerPool({ size: 2, ...hostile })
  const abort = new AbortController()
  const hanging = pool.inspect({ path, name: 'hang', signal: abort.signal })
  const other = pool.inspect({ path, name: 'a' })
  setTimeout(() => abort.abort(), 400)
  expect(reasonOf(await hanging)).toContain('cancelled')
  expect((await other).facts.format).toBe('hostile')
  await pool.close()
  await expect(pool.inspect({ path })).rejects.toMatchObject({ code: 'scanner_pool_closed' })
})

test('links, folders and missing files are refused', async () => {
  const link = join(folder, 'link')
  symlinkSync(path, link)
  const pool = createScannerPool({ size: 1 })
  await expect(pool.inspect({ path: link })).rejects.toMatchObject({ code: 'scanner_cannot_open' })
  await expect(pool.inspect({ path: folder })).rejects.toMatchObject({ code: 'scanner_not_a_file' })
  await expect(pool.inspect({ path: join(folder, 'none') })).rejects.toMatchObject({ code: 'scanner_cannot_open' })
  await pool.close()
})
