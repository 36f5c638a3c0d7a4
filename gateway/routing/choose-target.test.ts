import { expect, test } from 'vitest'
import { aRoute } from '../testing/fake-control.ts'
import { chooseTargets } from './choose-target.ts'

const order = (weights: number[], random: () => number, pinned = false) => {
  const route = aRoute('a', {}, weights)
  return chooseTargets({ route, targets: route.targets, pinned }, random).map((target) => target.versionNumber)
}

test('draws by weight, and has the others ready in case the first fails', () => {
  const firsts = new Map<number, number>()
  for (let at = 0; at < 1_000; at++) {
    const [first = 0, ...rest] = order([8, 1, 1], () => at / 1_000)
    firsts.set(first, (firsts.get(first) ?? 0) + 1)
    expect(new Set([first, ...rest])).toEqual(new Set([1, 2, 3]))
  }
  expect(firsts.get(1)).toBe(800)
  expect(firsts.get(2)).toBe(100)
})

test('weight 0 takes no traffic, unless the version was asked for', () => {
  expect(order([0, 1, 0], () => 0.999)).toEqual([2])
  expect(order([0, 0], () => 0)).toEqual([])
  expect(order([0, 0], () => 0, true)).toEqual([1, 2])
})
