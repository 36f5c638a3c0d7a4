import { expect, test } from 'vitest'
import { seededRandom } from '../../../../test/e2e/support/model-files.ts'
import { addExtent, contiguousEnd, countBytes, type Extent, firstGap } from './extents.ts'

const random = seededRandom(7)

test('extents are kept sorted and joined, whatever order they come in', () => {
  const size = 64
  for (let round = 0; round < 300; round++) {
    const there = new Set<number>()
    let list: readonly Extent[] = []
    for (let i = 0; i < 12; i++) {
      const start = Math.floor(random() * size)
      const end = Math.min(size, start + Math.floor(random() * 12))
      list = addExtent(list, [start, end])
      for (let at = start; at < end; at++) there.add(at)
      const missing = Array.from({ length: size }, (_none, at) => at).filter((at) => !there.has(at))
      expect(countBytes(list)).toBe(there.size)
      expect(contiguousEnd(list)).toBe(missing[0] ?? size)
      const gap = firstGap(list, size)
      expect(gap?.[0]).toBe(missing[0])
      if (gap !== null) for (let at = gap[0]; at < gap[1]; at++) expect(there.has(at)).toBe(false)
      if (gap !== null && gap[1] < size) expect(there.has(gap[1])).toBe(true)
    }
  }
  expect(firstGap([[0, 10]], 10)).toBeNull()
  expect(firstGap([], 0)).toBeNull()
})
