import { expect, test } from 'vitest'
import { readable } from './check-words.ts'

test.each([
  ['The files do not fit: 17300000000 bytes are missing.', 'The files do not fit: 17.3 GB are missing.'],
  ['At the 15728640 bytes a second measured', 'At the 15.7 MB a second measured'],
  [
    'the download takes 540 s, and the address works for 240 s',
    'the download takes 9 min 00 s, and the address works for 4 min 00 s',
  ],
  [`main is the commit ${'ab'.repeat(20)} now`, 'main is the commit abababababab… now'],
  ['2 files of weights found.', '2 files of weights found.'],
])('%s', (said, shown) => {
  expect(readable(said)).toBe(shown)
})
