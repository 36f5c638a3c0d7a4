import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createDeadline, longestExtensionMs } from './deadline.ts'
import { inspect } from './inspect.ts'
import { judge } from './judge.ts'
import { readerOf } from './reader.ts'
import { emptyTuple, global, join, pickle, pop, reduce } from './testing/pickle-bytes.ts'
import { seededRandom } from './testing/random.ts'
import { graphBytes, plainNodes, savedModelBytes } from './testing/tensorflow-bytes.ts'
import { zipBytes } from './testing/zip-bytes.ts'

/** Judged with a clock that moves by a millisecond each time somebody asks for the time. */
function within(deadlineMs: number, bytes: Uint8Array, path: string) {
  let time = 0
  const moved: number[] = []
  const now = (): number => time++
  const deadline = createDeadline({ deadlineMs, now, onMoved: (ms) => moved.push(ms) })
  const facts = inspect(readerOf(bytes), { path }, deadline)
  return { facts, ...judge(facts, { path }), moved, asked: time }
}
/** Half the time that these bytes take. */
const halfOf = (bytes: Uint8Array): number => within(1_000_000, bytes, 'x').asked / 2
const call = join(global('os', 'system'), emptyTuple, reduce)
const long = Buffer.alloc(8_000_000, 'N0')

test('what a pickle did before its time was up stands, and it is incomplete', () => {
  const bytes = pickle(2, call, pop, long.toString('latin1'))
  const { facts, verdict, findings } = within(halfOf(bytes), bytes, 'm.pkl')
  expect(verdict).toBe('block')
  expect(findings.map(({ ruleId }) => ruleId)).toContain('SCAN-INCOMPLETE-001')
  expect(facts.observations.find(({ code }) => code === 'scan.incomplete')?.data).toEqual({ cause: 'deadline' })
  expect(facts.coverage.unaccountedBytes).toBeGreaterThan(0)
  expect(within(100_000, pickle(2, call), 'm.pkl').findings.some(({ ruleId }) => ruleId.startsWith('SCAN'))).toBe(false)
})

test('members of an archive that were reached are judged', () => {
  const members = Array.from({ length: 500 }, (_none, i) => ({ name: `${i}.txt`, data: `text ${i}` }))
  const bytes = zipBytes([{ name: 'a.pkl', data: pickle(2, call) }, ...members])
  const { verdict, findings, facts } = within(halfOf(bytes), bytes, 'm.zip')
  expect(verdict).toBe('block')
  expect(findings.find(({ severity }) => severity === 'critical')?.member).toBe('a.pkl')
  expect(findings.map(({ ruleId }) => ruleId)).toContain('SCAN-INCOMPLETE-001')
  expect(JSON.stringify(facts).length).toBeLessThan(200_000)
  const enough = within(1_000_000, bytes, 'm.zip')
  expect(enough.findings.map(({ ruleId }) => ruleId)).not.toContain('SCAN-INCOMPLETE-001')
})

test('operators of a graph that were reached are judged', () => {
  const nodes = Array.from({ length: 40_000 }, (_none, i) => ({ ...plainNodes[3]!, name: `relu_${i}` }))
  const bytes = savedModelBytes(graphBytes([{ op: 'PyFunc', name: 'p' }, ...nodes]))
  const { findings } = within(halfOf(bytes), bytes, 'saved_model.pb')
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(expect.arrayContaining(['TF-OP-001', 'SCAN-INCOMPLETE-001']))
})

test.each([0, 1, 2, 3, 4, 5, 8, 13, 21, 34])(
  'ended after %i questions for the time, nothing is clean',
  (deadlineMs) => {
    for (const bytes of [
      zipBytes([{ name: 'a.txt', data: 'x' }]),
      gzipSync('some text'),
      pickle(2, call),
      graphBytes(plainNodes),
    ]) {
      const { verdict, facts, asked } = within(deadlineMs, bytes, 'x')
      const over = facts.observations.some(({ code }) => code === 'scan.incomplete')
      if (asked > deadlineMs + 2) expect(over).toBe(true)
      if (over) expect(verdict).not.toBe('pass')
      expect(facts.observations.filter(({ code }) => code === 'scan.inspector-failed')).toEqual([])
    }
  },
)

test('what unpacks to much gets more time, up to a bound, and the time is told', () => {
  const next = seededRandom(3)
  const words = Array.from({ length: 12 * 1024 * 256 }, () => 'abcdefgh '[Math.floor(next() * 9)]).join('')
  const { verdict, moved } = within(150, gzipSync(words.repeat(4)), 'x.txt.gz')
  expect(verdict).toBe('pass')
  expect(moved.length).toBeGreaterThan(0)
  expect(moved).toEqual(moved.toSorted((a, b) => a - b))

  const told: number[] = []
  const deadline = createDeadline({ deadlineMs: 1_000, now: () => 0, onMoved: (ms) => told.push(ms) })
  for (let i = 0; i < 100; i++) deadline.unpacked(1_048_576 * 1_000, 225)
  expect(told.at(-1)).toBe(1_000 + longestExtensionMs)
})
