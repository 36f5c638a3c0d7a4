import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atLeast } from '../../kernel/index.ts'
import { look } from '../testing/look.ts'

const corpus = join(import.meta.dirname, '..', '..', '..', 'shared', 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stdout.write('skipped: no shared inputs\n')

const mine = /^(globals|pickle-evasion|numpy)\/|^benign\/.*\.(pkl|joblib)$|^container\/legacy_/
const samples = !present
  ? []
  : readFileSync(join(corpus, 'index.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([file = '', _format, expected = '']) => ({ file, expected }))
      .filter(({ file }) => mine.test(file))

const seen = samples.map(({ file, expected }) => {
  const { verdict, findings } = look(readFileSync(join(corpus, file)), basename(file))
  return { file, expected, verdict, worst: findings[0]?.severity ?? 'info' }
})

describe.skipIf(!present)('pickles and arrays of the shared corpus', () => {
  test('malicious ones have a high or critical finding', () => {
    const malicious = seen.filter(({ expected }) => expected === 'malicious')
    const missed = malicious.filter(({ worst }) => !atLeast(worst, 'high'))
    process.stdout.write(`${malicious.length - missed.length} of ${malicious.length} malicious are high or critical\n`)
    expect(missed).toEqual([])
  })

  test('suspicious ones are never silent', () => {
    expect(seen.filter(({ expected, verdict }) => expected === 'suspicious' && verdict === 'pass')).toEqual([])
  })

  test('benign ones pass', () => {
    const benign = seen.filter(({ expected }) => expected === 'benign')
    expect(benign.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
  })
})
