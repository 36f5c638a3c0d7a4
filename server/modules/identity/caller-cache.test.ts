import { describe, expect, it } from 'vitest'
import { fixedClock } from '../../../kernel/index.ts'
import type { Caller } from './authenticate.ts'
import { createCallerCache } from './caller-cache.ts'

const caller = { by: 'token' } as Caller

describe('the cache of callers', () => {
  it('keeps a caller for five seconds, and not past the end of its token', () => {
    const clock = fixedClock(1_000)
    const cache = createCallerCache(clock, clock)
    cache.keep('a', caller)
    cache.keep('b', caller, new Date(3_000))
    expect(cache.find('a')).toBe(caller)
    clock.advance(2_000)
    expect(cache.find('b')).toBeUndefined()
    clock.advance(2_999)
    expect(cache.find('a')).toBe(caller)
    clock.advance(1)
    expect(cache.find('a')).toBeUndefined()
  })

  it('keeps nobody longer when the clock is set back', () => {
    const clock = fixedClock(86_400_000)
    const steady = fixedClock(0)
    const cache = createCallerCache(clock, steady)
    cache.keep('a', caller)
    clock.advance(-86_400_000)
    steady.advance(5_000)
    expect(cache.find('a')).toBeUndefined()
  })

  it('forgets everybody at once', () => {
    const cache = createCallerCache(fixedClock(0))
    cache.keep('a', caller)
    cache.clear()
    expect(cache.find('a')).toBeUndefined()
  })
})
