import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atLeast } from '../../kernel/index.ts'
import { look } from '../../scanner/testing/look.ts'
import { figure } from '../e2e/support/work.ts'
import { amount, full, randomFor, seed } from './support/plan.ts'

const corpus = join(import.meta.dirname, '..', '..', '..', 'shared', 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stderr.write('skipped: no shared inputs\n')

const samples = !present
  ? []
  : readFileSync(join(corpus, 'index.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([file = '', , expected = '']) => ({ file, expected, bytes: readFileSync(join(corpus, file)) }))

/** Prefixes that are whole by themselves: the attack begins behind them, and what is wrong is said of the whole file. */
const honestPrefixes = new Set(['container/two_eocd_rev.pt 265'])
/** Above this many bytes not every prefix is looked at, but as many, evenly spread: each unpacks a bomb again. */
const everyPrefixBelow = 20_000
const prefixesOfLarge = 4_000

/** One look may take so long at most, in milliseconds. */
const longest = 5_000
/** Read as text: a part of it, or another letter in it, may be another text that does no harm. */
const textLike = new Set([
  'text',
  'json',
  'jinja',
  'yaml',
  'xml',
  'python',
  'source',
  'script',
  'tf-text',
  'keras-metadata',
])

type Tally = { looks: number; harmless: number; slowestMs: number; failed: string[]; clean: string[] }
const newTally = (): Tally => ({ looks: 0, harmless: 0, slowestMs: 0, failed: [], clean: [] })

function lookAt(bytes: Uint8Array, file: string, malicious: boolean, name: string, tally: Tally): void {
  const began = performance.now()
  const { verdict, findings, facts } = look(bytes, file)
  const ms = performance.now() - began
  tally.looks += 1
  tally.slowestMs = Math.max(tally.slowestMs, ms)
  const broken = facts.observations.find(({ code }) => code === 'scan.inspector-failed')
  if (broken !== undefined) tally.failed.push(`${name}: ${broken.detail}`)
  if (ms > longest) tally.failed.push(`${name} took ${ms.toFixed(0)} ms`)
  if (!malicious || verdict !== 'pass' || findings.some(({ ruleId }) => ruleId.startsWith('SCAN-'))) return
  if (textLike.has(facts.format) || facts.format === 'empty') tally.harmless += 1
  else tally.clean.push(`${name} as ${facts.format}`)
}

describe.skipIf(!present)('fuzz of the scanner', () => {
  it('every prefix: nothing breaks or hangs, and what is cut within its attack is not clean', () => {
    const random = randomFor('scanner prefixes')
    const tally = newTally()
    for (const { file, expected, bytes } of samples) {
      const bad = look(bytes, file).findings.filter(({ severity }) => atLeast(severity, 'medium'))
      // Cut before the first thing that is wrong with it, the rest is an honest file.
      const from = Math.min(...bad.map(({ offset }) => offset ?? 0))
      const spread = full ? (bytes.length < everyPrefixBelow ? bytes.length : prefixesOfLarge) : 8
      const step = Math.max(1, Math.floor(bytes.length / spread))
      for (let length = random.int(0, step - 1); length < bytes.length; length += step) {
        const name = `${file} ${length}`
        const malicious = expected === 'malicious' && length > from && !honestPrefixes.has(name)
        lookAt(bytes.subarray(0, length), file, malicious, name, tally)
      }
    }
    figure(`${tally.looks} prefixes, slowest ${tally.slowestMs.toFixed(0)} ms; ${tally.harmless} harmless as text`)
    expect(tally.failed).toEqual([])
    expect(tally.clean).toEqual([])
  }, 3_600_000)

  it('flipped bits: nothing breaks or hangs, and malicious samples do not turn clean', () => {
    const tally = newTally()
    const rounds = amount({ slice: 4, full: 60 })
    for (const { file, expected, bytes } of samples.filter((sample) => sample.bytes.length > 0)) {
      const random = randomFor(`scanner flips ${file}`)
      for (let round = 0; round < rounds; round++) {
        const changed = Uint8Array.from(bytes)
        for (let flips = random.int(1, 3); flips > 0; flips--) {
          const at = random.int(0, changed.length - 1)
          changed[at] = (changed[at] ?? 0) ^ (1 << random.int(0, 7))
        }
        lookAt(changed, file, expected === 'malicious', `${file}, round ${round} of seed ${seed}`, tally)
      }
    }
    figure(`${tally.looks} flips, slowest ${tally.slowestMs.toFixed(0)} ms; ${tally.harmless} harmless as text`)
    figure(`turned clean: ${tally.clean.join('; ') || 'none'}`)
    expect(tally.failed).toEqual([])
    // A flip can remove the attack itself, such as the type of a link; that is told above and must stay rare.
    expect(tally.clean.length / tally.looks).toBeLessThan(0.01)
  }, 3_600_000)
})
