import { describe, expect, test } from 'vitest'
import { progressText } from '../jobs/progress.ts'
import { jsonText, plain } from './plain.ts'
import { pairs, table } from './table.ts'
import { bytes, duration, relative } from './units.ts'

describe('text for people', () => {
  test('a table aligns its columns and pads no line end', () => {
    const text = table(
      [{ title: 'NAME' }, { title: 'SIZE', align: 'right' }, { title: 'NOTE' }],
      [
        ['é', '12 kB', 'two\nlines'],
        ['longer', null, ''],
      ],
    )
    expect(text.split('\n')).toEqual(['NAME     SIZE  NOTE', 'é       12 kB  two lines', 'longer      –  –'])
  })

  test('pairs leave out what has no value', () => {
    expect(
      pairs([
        ['a', '1'],
        ['long', null],
        ['bb', '2'],
      ]),
    ).toBe('a   1\nbb  2')
  })

  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1 kB'],
    [1_550, '1.6 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [2_700_000_000, '2.7 GB'],
    [null, '–'],
  ])('%s bytes are %s', (value, text) => expect(bytes(value)).toBe(text))

  test.each([
    [0.42, '0.4 s'],
    [12.4, '12 s'],
    [59.7, '1 min'],
    [200, '3 min 20 s'],
    [7_500, '2 h 5 min'],
    [400_000, '4 d'],
  ])('%s seconds are %s', (value, text) => expect(duration(value)).toBe(text))

  test.each([
    ['2026-11-23T11:59:58Z', 'just now'],
    ['2026-11-23T11:57:00Z', '3 min ago'],
    ['2026-11-25T12:00:00Z', 'in 2 d'],
    [null, '–'],
  ])('%s is %s', (instant, text) => expect(relative(instant, Date.parse('2026-11-23T12:00:00Z'))).toBe(text))

  test('nothing from outside can steer the terminal', () => {
    expect(plain('a\u001b[2Jb\u0007c\u202ed\n\te\u009b')).toBe('a?[2Jb?c?d\n\te?')
    expect(jsonText({ a: '\u009b\u202e' })).toBe('{\n  "a": "\\u009b\\u202e"\n}')
  })

  test('progress names what is known and nothing else', () => {
    const none = {
      bytesDone: null,
      bytesTotal: null,
      done: null,
      total: null,
      rate: null,
      etaSeconds: null,
      message: null,
    }
    const text = progressText('Read', { ...none, bytesDone: 5e8, bytesTotal: 1e9, rate: 2.5e8, etaSeconds: 2 }, true)
    expect(text).toBe('Read  [############------------]  50 %  500 MB of 1 GB  250 MB/s  2 s left')
    expect(progressText('Ask', { ...none, done: 3, total: 4 }, false)).toBe('Ask  75 %  3 of 4')
    expect(progressText('Wait', none, true)).toBe('Wait')
  })
})
