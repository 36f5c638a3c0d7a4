import { expect, test } from 'vitest'
import { runOn, segmentsOf } from './segments.ts'
import type { Answer } from './use-license.ts'

const answer = (number: number, ...clauses: [number | null, number | null][]): Answer => ({
  number,
  id: `q${number}`,
  question: '',
  answer: 'yes',
  effect: 'good',
  because: '',
  clauses: clauses.map(([start, end]) => ({ section: '1', start, end })),
  conditions: [],
  person: null,
})

test('marks overlapping clauses piece by piece and loses no character', () => {
  const [one, two] = [answer(1, [2, 6]), answer(2, [4, 8])]
  const segments = segmentsOf('0123456789', [one, two], two)
  expect(segments.map(({ text }) => text).join('')).toBe('0123456789')
  expect(segments.map(({ text, cited, chosen }) => `${text} ${cited} ${chosen}`)).toEqual([
    '01 false false',
    '23 true false',
    '45 true true',
    '67 true true',
    '89 false false',
  ])
})

test('leaves out places that are unknown or not in the text', () => {
  const segments = segmentsOf('abc', [answer(1, [null, null], [2, 99], [3, 2], [-1, 1])], undefined)
  expect(segments).toEqual([{ from: 0, text: 'abc', cited: false, chosen: false }])
  expect(segmentsOf('', [answer(1, [0, 1])], undefined)).toEqual([])
})

test('lines run on in as many characters as before, and lists stay lists', () => {
  const long = 'The licensor grants a worldwide license to use and modify'
  const text = `${long}\nthe materials.\n\n${long}\n(b) If you distribute them\nshort\nlines`
  const shown = runOn(text)
  expect(shown).toHaveLength(text.length)
  expect(shown).toBe(`${long} the materials.\n\n${long}\n(b) If you distribute them\nshort\nlines`)
})
