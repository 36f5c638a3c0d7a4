import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor, toPage } from './page.ts'

const cursor = (values: unknown) => Buffer.from(JSON.stringify(values)).toString('base64url')

describe('a cursor that comes back', () => {
  test('gives the values it was made of', () => {
    const at = '2026-01-02T03:04:05.678Z'
    expect(decodeCursor(encodeCursor([at, 'apr_1', 2 ** 40, 7]), ['date', 'text', 'number', 'integer'])).toEqual([
      new Date(at),
      'apr_1',
      2 ** 40,
      7,
    ])
  })

  test.each<[string, 'text' | 'integer' | 'number' | 'date', unknown]>([
    ['a number before the first', 'integer', -1],
    ['a number that no integer column holds', 'integer', 2 ** 31],
    ['a number that JavaScript cannot tell from its neighbour', 'number', 2 ** 53],
    ['a fraction', 'number', 0.5],
    ['an instant before 1970', 'date', '-271821-04-20T00:00:00.000Z'],
    ['an instant after 9999', 'date', '+275760-09-13T00:00:00.000Z'],
    ['no instant', 'date', 'yesterday'],
    ['text with NUL', 'text', 'a\0'],
    ['text without end', 'text', 'x'.repeat(501)],
    ['another type', 'text', 1],
  ])('is refused with %s', (_what, part, value) => {
    expect(() => decodeCursor(cursor([value]), [part])).toThrow('The cursor is not one that this hub gave.')
  })

  test.each(['', '%', 'e30', cursor([]), cursor([1, 1])])('%j is refused', (text) => {
    expect(() => decodeCursor(text, ['number'])).toThrow('The cursor is not one that this hub gave.')
  })
})

test('the last page has no cursor', () => {
  const page = (count: number) =>
    toPage(
      Array.from({ length: count }, (_none, n) => n),
      2,
      String,
      (n) => [n],
    )
  expect(page(2)).toEqual({ items: ['0', '1'], nextCursor: null })
  expect(page(3)).toEqual({ items: ['0', '1'], nextCursor: cursor([1]) })
})
