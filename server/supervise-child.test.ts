import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder, waitUntil } from '../test/support/index.ts'
import { type Child, type ChildOptions, type Refusal, superviseChild } from './supervise-child.ts'

let folder: ReturnType<typeof temporaryFolder>
let notes: string
const children: Child[] = []
beforeEach(() => {
  folder = temporaryFolder('child')
  notes = join(folder.path, 'notes')
  writeFileSync(notes, '')
})
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop(100)))
  folder.remove()
})

const supervise = (does: string, extra: Partial<ChildOptions> = {}) => {
  const child = superviseChild({
    name: 'test',
    file: new URL('../test/support/failing-child.ts', import.meta.url),
    env: { PATH: process.env['PATH'] ?? '', TEST_CHILD_NOTES: notes, TEST_CHILD_DOES: does },
    onRefused: () => 'stop',
    ...extra,
  })
  children.push(child)
  return child
}
const starts = () =>
  readFileSync(notes, 'utf8')
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { at: number; pid: number })
const alive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
const quiet = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('a child that ends is started again, each time after a longer pause', async () => {
  const child = supervise('exit 1')
  await waitUntil(() => starts().length >= 4, 20_000)
  await child.stop(1_000)
  const at = starts().map((start) => start.at)
  const gaps = at.slice(1, 4).map((each, i) => each - (at[i] ?? 0))
  // The pauses are 200, 400 and 800 ms; the time of the start itself comes on top and varies.
  expect(gaps[0]).toBeGreaterThanOrEqual(200)
  expect(gaps[1]).toBeGreaterThanOrEqual(400)
  expect(gaps[2]).toBeGreaterThanOrEqual(800)
})

test('says in a sentence how it ended and when it comes back', async () => {
  const said: string[] = []
  const child = supervise('exit 3', { name: 'test child', onEnded: (text) => said.push(text) })
  await waitUntil(() => said.length >= 2, 20_000)
  await child.stop(1_000)
  expect(said[0]).toMatch(/^The test child ended by itself \(status 3\) after \d+\.\d s; it starts again in 0\.2 s\.$/)
  expect(said[1]).toMatch(/it starts again in 0\.4 s\.$/)
})

test('one that cannot even be started is tried again, and does not hold up a stop', async () => {
  const said: string[] = []
  // No system starts a program with so large an environment.
  const child = supervise('stay', { env: { HUGE: 'x'.repeat(4 * 2 ** 20) }, onEnded: (text) => said.push(text) })
  await waitUntil(() => said.length >= 2, 20_000)
  expect(said[0]).toMatch(/could not be started/)
  expect(await child.stop(1_000)).toBe('ended')
})

test('also one that ends well, or is killed', async () => {
  const said: string[] = []
  supervise('stay', { onEnded: (text) => said.push(text) })
  const [first] = await waitUntil(() => (starts().length === 1 ? starts() : undefined))
  process.kill(first?.pid ?? 0, 'SIGKILL')
  await waitUntil(() => starts().length === 2)
  expect(starts()[1]?.pid).not.toBe(first?.pid)
  expect(said[0]).toContain('was ended from outside (SIGKILL)')
})

test('status 78 says that a new start would not help: the reason is told, and nothing is started', async () => {
  const told: Refusal[] = []
  const messages: unknown[] = []
  const onRefused = (refusal: Refusal) => {
    told.push(refusal)
    return 'stop' as const
  }
  supervise('refuse', { onRefused, onMessage: (message) => messages.push(message) })
  await waitUntil(() => told.length === 1)
  await quiet(700)
  expect(starts()).toHaveLength(1)
  expect(told).toEqual([{ code: 'port_in_use', text: 'Port 1 is in use. Choose another.' }])
  expect(messages).toHaveLength(1)
})

test('status 78 without a reason is told too; whoever asked may have it tried again', async () => {
  const told: Refusal[] = []
  supervise('exit 78', {
    onRefused: (refusal) => {
      told.push(refusal)
      return told.length < 3 ? 'retry' : 'stop'
    },
  })
  await waitUntil(() => told.length === 3)
  await quiet(500)
  expect(starts()).toHaveLength(3)
  expect(told[0]).toEqual({ code: null, text: 'The test refused to start.' })
})

test('hears its messages', async () => {
  const messages: unknown[] = []
  supervise('stay', { onMessage: (message) => messages.push(message) })
  await waitUntil(() => messages.length === 1)
  expect(messages).toEqual([{ hello: starts()[0]?.pid }])
})

test('stop ends it, and it stays ended', async () => {
  const child = supervise('stay')
  await waitUntil(() => starts().length === 1)
  await child.stop(5_000)
  expect(alive(starts()[0]?.pid ?? 0)).toBe(false)
  await quiet(500)
  expect(starts()).toHaveLength(1)
})

test('one that does not listen is killed after the limit', async () => {
  const child = supervise('deaf')
  await waitUntil(() => starts().length === 1)
  // The handler is in place a moment after the note.
  await quiet(100)
  const before = performance.now()
  expect(await child.stop(300)).toBe('killed')
  expect(performance.now() - before).toBeGreaterThanOrEqual(290)
  expect(alive(starts()[0]?.pid ?? 0)).toBe(false)
})

test('stopped in the pause before a new start, it does not start', async () => {
  const child = supervise('exit 1')
  await waitUntil(() => starts().length === 1)
  await waitUntil(() => !alive(starts()[0]?.pid ?? 0))
  await quiet(20)
  await child.stop(1_000)
  await quiet(500)
  expect(starts()).toHaveLength(1)
})
