import { expect, test } from 'vitest'
import { createWidth } from './width.ts'

const mebibyte = 2 ** 20

/** A source, looked at ten times a second: bytes a second by how many streams there are. */
function run(seconds: number, most: number, source: (streams: number) => number, capacity = 200 * mebibyte) {
  const width = createWidth(most)
  const seen: number[] = []
  let bytes = 0
  for (let at = 100; at <= seconds * 1_000; at += 100) {
    bytes += source(width.now()) / 10
    width.look({ atMs: at, bytes, remaining: 10_000 * mebibyte, capacity })
    seen.push(width.now())
  }
  return { width, seen }
}

test('a source that gives each connection little gets as many streams as are allowed, and keeps them', () => {
  const { seen } = run(10, 8, (streams) => streams * 15 * mebibyte)
  expect(seen.slice(0, 2)).toEqual([1, 1])
  expect(seen.slice(5)).toEqual(Array<number>(95).fill(8))
})

test('a source that gives all connections together as much as one goes on with one', () => {
  const { seen } = run(10, 8, () => 15 * mebibyte)
  expect(Math.max(...seen)).toBe(8)
  expect(seen.slice(40)).toEqual(Array<number>(60).fill(1))
})

test('no more stay than the disk and the hash can take, and none join where one is quick enough', () => {
  const { seen } = run(10, 8, (streams) => Math.min(streams * 50, 180) * mebibyte, 180 * mebibyte)
  expect(seen.slice(5, 30)).toEqual(Array<number>(25).fill(4))
  expect([Math.max(...seen), seen.at(-1)]).toEqual([8, 4])
  expect(Math.max(...run(10, 8, () => 150 * mebibyte).seen)).toBe(1)
})

test('a machine that was busy at the beginning does not go on with few streams', () => {
  // What could be taken looked like 40 MiB a second: three streams. More of them bring more all the same.
  const { seen } = run(12, 8, (streams) => streams * 15 * mebibyte, 40 * mebibyte)
  expect([seen[10], seen[50], seen.at(-1)]).toEqual([3, 6, 8])
})

test('what brought nothing is tried again, ever more seldom', () => {
  const { seen } = run(300, 8, () => 15 * mebibyte)
  const trials = seen.flatMap((one, look) => (one === 8 && seen[look - 1] === 1 ? [Math.round(look / 10)] : []))
  expect(trials).toEqual([0, 63, 187])
  expect(seen.at(-1)).toBe(1)
})

test('a source that becomes slow later is noticed then', () => {
  let calls = 0
  const { seen } = run(10, 8, (streams) => (++calls < 50 ? 180 : streams * 10) * mebibyte)
  expect([seen[48], seen.at(-1)]).toEqual([1, 8])
})

test('half of them go when a host asks for patience, never the last one, and none come back', () => {
  const { width } = run(2, 8, (streams) => streams * 15 * mebibyte)
  const seen = [1, 2, 3, 4].map(() => {
    width.lower()
    return width.now()
  })
  expect(seen).toEqual([4, 2, 1, 1])
  width.look({ atMs: 60_000, bytes: 2 ** 31, remaining: 2 ** 40, capacity: 2 ** 30 })
  expect(width.now()).toBe(1)
})

test('little that is left is not worth another connection', () => {
  const width = createWidth(8)
  for (let at = 100; at <= 2_000; at += 100)
    width.look({ atMs: at, bytes: (at / 1_000) * 15 * mebibyte, remaining: 5 * mebibyte, capacity: 200 * mebibyte })
  expect(width.now()).toBe(1)
})
