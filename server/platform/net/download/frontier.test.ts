import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createFrontier } from './frontier.ts'

const signal = new AbortController().signal

test('the digest is that of the whole, whatever order the bytes come in, and in order they are not read back', async () => {
  const bytes = randomBytes(900_000)
  const part = 100_000
  const digest = createHash('sha256').update(bytes).digest('hex')
  for (const order of [
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
    [8, 7, 6, 5, 4, 3, 2, 1, 0],
    [1, 0, 3, 2, 4, 8, 5, 6, 7],
  ]) {
    let read = 0
    const there = new Set<number>()
    const frontier = createFrontier((buffer, position) => {
      // What is not there yet must not be read.
      for (let at = position; at < position + buffer.length; at += part)
        expect(there.has(Math.floor(at / part))).toBe(true)
      read += buffer.length
      return Promise.resolve(bytes.copy(buffer, 0, position, position + buffer.length))
    })
    for (const number of order) {
      frontier.offer(number * part, [
        bytes.subarray(number * part, number * part + 1),
        bytes.subarray(number * part + 1, (number + 1) * part),
      ])
      there.add(number)
      let end = 0
      while (there.has(end)) end += 1
      frontier.advance(end * part)
      await new Promise(setImmediate)
    }
    expect(await frontier.digest(bytes.length, signal)).toBe(digest)
    if (order[0] === 0) expect(read).toBe(0)
  }
})

test('a file that is shorter than it should be is no digest', async () => {
  const frontier = createFrontier(() => Promise.resolve(0))
  await expect(frontier.digest(5, signal)).rejects.toThrow('ends at 0')
})
