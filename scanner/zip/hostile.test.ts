import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atLeast } from '../../kernel/index.ts'
import { look } from '../testing/look.ts'
import { tarSamples } from '../testing/samples/tar.ts'
import { zipSamples } from '../testing/samples/zip.ts'

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296
  }
}

const all = [zipSamples, tarSamples].flatMap(({ kind, malicious, benign, mutations }) =>
  [...malicious, ...benign, ...mutations].map((sample) => ({ kind, ...sample, isBad: !benign.includes(sample) })),
)
const small = all.filter(({ bytes }) => bytes.length < 20_000)

test.each(small)('every prefix of $kind, $name', ({ bytes, path = '' }) => {
  const step = Math.max(1, Math.floor(bytes.length / 250))
  for (let length = 1; length < bytes.length; length += step) {
    const { verdict, facts } = look(bytes.subarray(0, length), path)
    expect(facts.observations.filter(({ code }) => code === 'scan.inspector-failed')).toEqual([])
    // A tar is whole once it has its two blocks of zeros, whatever may have followed.
    const isWhole = length > 1024 && bytes.subarray(length - 1024, length).every((byte) => byte === 0)
    if (facts.format === 'zip' || (facts.format === 'tar' && !isWhole))
      expect(verdict, `${length} bytes`).not.toBe('pass')
  }
})

test.each(small)('flipped bits in $kind, $name', ({ bytes, path = '', isBad }) => {
  const next = random(bytes.length)
  for (let round = 0; round < 150; round++) {
    const changed = Buffer.from(bytes)
    for (let flips = 1 + Math.floor(next() * 4); flips > 0; flips--) {
      const at = Math.floor(next() * changed.length)
      changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8))
    }
    const started = performance.now()
    const { facts, verdict } = look(changed, path)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(facts.observations.filter(({ code }) => code === 'scan.inspector-failed')).toEqual([])
    expect(JSON.stringify(facts).length).toBeLessThan(200_000)
    if (isBad) expect(verdict, `round ${round}`).not.toBe('pass')
  }
})

const corpus = join(import.meta.dirname, '..', '..', '..', 'shared', 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stdout.write('skipped: no shared inputs\n')
const formats = new Set(['zip', 'tar', 'nemo', 'torch-zip', 'keras'])

describe.skipIf(!present)('shared corpus', () => {
  const rows = !present ? [] : readFileSync(join(corpus, 'index.csv'), 'utf8').trim().split('\n').slice(1)
  const samples = rows
    .map((line) => line.split(','))
    .map(([file = '', format = '', expected = '']) => ({ file, format, expected }))
    .filter(({ file, format }) => formats.has(format) || /\.npz$|prefix_/.test(file))

  test.each(samples)('$file is $expected', ({ file, expected }) => {
    const { verdict, findings } = look(readFileSync(join(corpus, file)), basename(file))
    if (expected === 'benign') expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
    else expect(verdict).not.toBe('pass')
    if (expected === 'malicious') expect(findings.some(({ severity }) => atLeast(severity, 'medium'))).toBe(true)
  })
})
