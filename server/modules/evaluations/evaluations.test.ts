import { describe, expect, it } from 'vitest'
import { itemSeed } from './item-seed.ts'
import { runItems } from './run-items.ts'
import { meanWithError, wilsonInterval } from './statistics.ts'
import type { ItemRow } from './store.ts'
import { taskHash } from './task-hash.ts'
import { sequenceCounts, sequenceTask } from './tasks/sequence.ts'

describe('statistics', () => {
  it('gives mean and standard error by hand-computed values', () => {
    expect(meanWithError([])).toBeNull()
    expect(meanWithError([1])).toEqual({ mean: 1, standardError: null })
    const four = meanWithError([1, 1, 0, 1])
    expect(four?.mean).toBe(0.75)
    expect(four?.standardError).toBeCloseTo(0.25, 12)
  })

  it('gives Wilson intervals as published (Newcombe 1998, table I: 81/263)', () => {
    const [low, high] = wilsonInterval(81 / 263, 263)
    expect(low).toBeCloseTo(0.2553, 4)
    expect(high).toBeCloseTo(0.3662, 4)
  })
})

describe('sequence task', () => {
  const items = sequenceTask.items()

  it('has 208 different items, each with the true next character', () => {
    expect(items).toHaveLength(sequenceCounts.upward + sequenceCounts.downward)
    expect(new Set(items.map((item) => item.prompt)).size).toBe(items.length)
    for (const item of items) {
      const step = item.group.startsWith('up/') ? 1 : -1
      expect(item.expected.charCodeAt(0)).toBe(item.prompt.charCodeAt(item.prompt.length - 1) + step)
    }
  })

  it('has a hash that a rerun repeats', () => {
    expect(taskHash(sequenceTask)).toBe(taskHash(sequenceTask))
  })
})

describe('itemSeed', () => {
  it('differs by run, item and sample, and repeats', () => {
    const seeds = [itemSeed(1, 'h', 0, 0), itemSeed(2, 'h', 0, 0), itemSeed(1, 'h', 1, 0), itemSeed(1, 'h', 0, 1)]
    expect(new Set(seeds).size).toBe(4)
    expect(itemSeed(1, 'h', 0, 0)).toBe(seeds[0])
    for (const seed of seeds) expect(seed).toBeLessThan(2 ** 31)
  })
})

describe('runItems', () => {
  it('scores a successor-only model at exactly the share of upward items, skips what is done, retries a failure', async () => {
    const saved: ItemRow[] = []
    let failures = 2
    await runItems({
      evaluationId: 'evl_1',
      task: sequenceTask,
      taskHash: 'h',
      seed: 1,
      done: new Set([0, 1]),
      concurrency: 4,
      ask: ({ prompt }) => {
        if (failures-- > 0) return Promise.reject(new Error('busy'))
        return Promise.resolve(String.fromCharCode(prompt.charCodeAt(prompt.length - 1) + 1))
      },
      save: (row) => {
        saved.push(row)
        return Promise.resolve()
      },
    })
    expect(saved).toHaveLength(206)
    expect(saved.reduce((sum, row) => sum + (row.score ?? 0), 0)).toBe(sequenceCounts.upward - 2)
  })

  it('gives up on an item after three tries', async () => {
    const run = runItems({
      evaluationId: 'evl_1',
      task: sequenceTask,
      taskHash: 'h',
      seed: 1,
      done: new Set(),
      concurrency: 1,
      ask: () => Promise.reject(new Error('down')),
      save: () => Promise.resolve(),
    })
    await expect(run).rejects.toMatchObject({ code: 'item_unanswered', kind: 'upstream' })
  })
})
