import { expect, test } from 'vitest'
import { dtypeOf, elementsOf } from './dtype.ts'
import { parseLiteral } from './literal.ts'

test('constants are read', () => {
  expect(parseLiteral("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3L,), }")).toEqual(
    new Map<string, unknown>([
      ['descr', '<f4'],
      ['fortran_order', false],
      ['shape', [2, 3]],
    ]),
  )
  expect(parseLiteral('[("a\\"b", u\'c\'), None, -1, ()]')).toEqual([['a"b', 'c'], null, -1, []])
})

test.each([
  "{'a': __import__('os')}",
  "{'a': 1 + 1}",
  "{'a': f(1)}",
  "{'a': 'x'.upper()}",
  '{1: 2}',
  "{'a': 1, 'a': 2}",
  "{'a': [1}",
  "{'a': True2}",
  '1.5',
  '',
  "{'a': 1} or x",
  `${'['.repeat(40)}${']'.repeat(40)}`,
])('anything else is refused: %s', (text) => {
  expect(parseLiteral(text)).toBeUndefined()
})

test('sizes of types', () => {
  expect(dtypeOf('<U7')).toEqual({ bytes: 28, objects: false })
  expect(dtypeOf('|O')).toEqual({ bytes: 0, objects: true })
  expect(
    dtypeOf([
      ['a', '<f4'],
      ['b', '<i8', [2, 2]],
    ]),
  ).toEqual({ bytes: 36, objects: false })
  expect(dtypeOf([['a', [['x', '|O']]]])).toEqual({ bytes: 0, objects: true })
  expect(dtypeOf('f4; import os')).toBeUndefined()
  expect(elementsOf([])).toBe(1)
  expect(elementsOf([2 ** 40, 2 ** 40])).toBeUndefined()
  expect(elementsOf([-1])).toBeUndefined()
})
