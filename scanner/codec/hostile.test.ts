import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { randomFrom } from '../testing/compressed-bytes.ts'
import { look } from '../testing/look.ts'
import { compressedSamples } from '../testing/samples/compressed.ts'
import { executableSamples } from '../testing/samples/executables.ts'
import { sevenZipSamples } from '../testing/samples/seven-zip.ts'

const all = [...compressedSamples, sevenZipSamples, ...executableSamples]
/** Larger samples would take minutes and say no more. */
const small = 4000
const prefixes = 60

describe.each(all.map((samples) => ({ ...samples })))('$kind', ({ malicious, benign, mutations }) => {
  test('every prefix is judged, and none of a stream passes', () => {
    for (const { name, bytes, path = '' } of [...malicious, ...benign]) {
      const step = Math.max(1, Math.floor(Math.min(bytes.length, small) / prefixes))
      for (let length = 1; length < Math.min(bytes.length, small); length += step) {
        const started = performance.now()
        const { facts } = look(bytes.subarray(0, length), path)
        expect(performance.now() - started, `${name}, ${length} bytes`).toBeLessThan(5000)
        expect(facts.observations.filter(({ code }) => code === 'scan.inspector-failed')).toEqual([])
      }
    }
  })

  test('flipped bits do not make a malicious sample pass', () => {
    const next = randomFrom(all.length)
    // Text whose first letters alone make it a script is none without them.
    const named = [...malicious, ...mutations].filter(
      ({ bytes, path }) => bytes.length < small && /\.\w+$/.test(path ?? ''),
    )
    for (let round = 0; round < 250; round++) {
      const { name, bytes, path = '' } = named[round % named.length] ?? { name: '', bytes: Buffer.alloc(0) }
      const changed = Buffer.from(bytes)
      const at = Math.floor(next() * changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8))
      const started = performance.now()
      const { verdict, facts } = look(changed, path)
      expect(performance.now() - started, `${name}, byte ${at}`).toBeLessThan(5000)
      expect(verdict, `${name}, byte ${at} of ${changed.length}`).not.toBe('pass')
      expect(JSON.stringify(facts).length).toBeLessThan(200_000)
    }
  })
})

const corpus = join(import.meta.dirname, '..', '..', '..', 'shared', 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stdout.write('skipped: no shared inputs\n')
const mine = /\.(gz|bz2|xz|7z)$|joblib_(?:zlib|lzma)|gz_as_bin|as_7z|^repo\/(?:exec|secrets)|llamafile/

test.skipIf(!present)('samples of the shared corpus in these formats are flagged, or at least not silent', () => {
  const rows = readFileSync(join(corpus, 'index.csv'), 'utf8').trim().split('\n').slice(1)
  const samples = rows.map((row) => row.split(',')).filter(([file = '']) => mine.test(file))
  expect(samples.length).toBeGreaterThan(10)
  const missed = samples.filter(([file = '', _format, expected]) => {
    const { findings, verdict } = look(readFileSync(join(corpus, file)), basename(file))
    if (expected === 'malicious') return findings.every(({ severity }) => severity === 'low' || severity === 'info')
    return expected === 'benign' ? verdict !== 'pass' : verdict === 'pass'
  })
  expect(missed.map(([file]) => file)).toEqual([])
})
