import { expect, test } from 'vitest'
import { conflict, internal, limitReached, upstream } from '../../kernel/index.ts'
import { backoffMs, isRetryable, toJobError } from './failure.ts'

test('doubles the pause up to the longest, and takes half to all of it', () => {
  const policy = { baseMs: 100, maxMs: 1_000 }
  expect([1, 2, 3, 4, 5, 99].map((failures) => backoffMs(failures, policy, () => 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000,
  ])
  expect(backoffMs(3, policy, () => 0)).toBe(200)
})

test('tries again what may pass by itself', () => {
  const errors = [upstream('a', ''), limitReached('b', ''), internal('c', ''), new Error('d'), conflict('e', '')]
  expect(errors.map((error) => isRetryable(error, undefined))).toEqual([true, true, true, true, false])
  expect(isRetryable(new Error('d'), { retryable: () => false })).toBe(false)
})

test('shows no secret of an error', () => {
  const error = toJobError(new Error('GET https://host/?token=abcdef failed'))
  expect(error).toEqual({ code: 'internal', message: 'GET https://host/?token=[redacted] failed', remedy: null })
})
