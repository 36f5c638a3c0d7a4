import { describe, expect, test } from 'vitest'
import { engineSeed } from './sampling.ts'
import { createSlotPool } from './slots.ts'
import { createTextAssembler } from './text-assembler.ts'

/** Tokens are bytes here. */
const bytesOf = (text: string): number[] => [...Buffer.from(text, 'utf8')]
const detokenize = (tokens: readonly number[]): string => Buffer.from(tokens).toString('utf8')

describe('text', () => {
  test('characters of several bytes come whole', () => {
    const assembler = createTextAssembler(detokenize, [])
    const pieces = bytesOf('aé€😀').map((token) => assembler.push(token).text)
    expect(pieces).toEqual(['a', '', 'é', '', '', '€', '', '', '', '😀'])
    expect(assembler.flush()).toBe('')
  })

  test('bytes that never become a character are given out, not lost', () => {
    const assembler = createTextAssembler(detokenize, [])
    const text = [0xe2, 0x82].map((token) => assembler.push(token).text).join('') + assembler.flush()
    expect(text).toBe('\uFFFD')
  })

  test('a stop text is never shown, a near miss is', () => {
    const say = (text: string, stops: string[]): string => {
      const assembler = createTextAssembler(detokenize, stops)
      let said = ''
      for (const token of bytesOf(text)) {
        const step = assembler.push(token)
        said += step.text
        if (step.stopped) return `${said}|`
      }
      return said + assembler.flush()
    }
    expect(say('hello END more', ['END'])).toBe('hello |')
    expect(say('hello EN more', ['END'])).toBe('hello EN more')
    expect(say('aaab', ['aab'])).toBe('a|')
    expect(say('ends in EN', ['END'])).toBe('ends in EN')
    expect(say('x\n\ny', ['zz', '\n\n'])).toBe('x|')
  })
})

describe('slots', () => {
  const never = new AbortController().signal

  test('are lent in the order of asking and refused when the queue is full', async () => {
    const pool = createSlotPool(['a'], 2)
    const first = await pool.acquire(never)
    const second = pool.acquire(never)
    const third = pool.acquire(never)
    await expect(pool.acquire(never)).rejects.toMatchObject({ status: 429, code: 'engine_busy' })
    expect(pool.counts()).toEqual({ active: 1, waiting: 2 })
    first.release()
    first.release()
    ;(await second).release()
    expect((await third).item).toBe('a')
    expect(pool.counts()).toEqual({ active: 1, waiting: 0 })
  })

  test('someone who stops waiting leaves the queue', async () => {
    const pool = createSlotPool(['a'], 2)
    const first = await pool.acquire(never)
    const controller = new AbortController()
    const waiting = pool.acquire(controller.signal)
    controller.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    first.release()
    expect(pool.counts()).toEqual({ active: 0, waiting: 0 })
  })
})

test('seeds are fixed by their text and never the value that means random', () => {
  expect(engineSeed('seed:1')).toBe(engineSeed('seed:1'))
  expect(engineSeed('seed:1')).not.toBe(engineSeed('seed:2'))
  expect(engineSeed('seed:1')).toBeLessThan(2 ** 31)
})
