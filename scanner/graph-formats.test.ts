import { Buffer } from 'node:buffer'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atLeast } from '../kernel/index.ts'
import { scanPaths } from './scan-path.ts'
import { look } from './testing/look.ts'
import { hdf5Samples } from './testing/samples/hdf5.ts'
import { kerasSamples } from './testing/samples/keras.ts'
import { onnxSamples } from './testing/samples/onnx.ts'
import { kerasMetadataSamples, savedModelSamples, tfGraphSamples } from './testing/samples/tensorflow.ts'
import { tfliteSamples } from './testing/samples/tflite.ts'
import { xmlSamples } from './testing/samples/xml.ts'

const corpus = join(import.meta.dirname, '..', '..', 'shared', 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stdout.write('skipped: no shared inputs\n')

const all = [
  onnxSamples,
  savedModelSamples,
  tfGraphSamples,
  kerasMetadataSamples,
  kerasSamples,
  hdf5Samples,
  tfliteSamples,
  xmlSamples,
]
const patient = 60_000

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

describe.each(all.map((samples) => ({ ...samples })))('$kind', ({ kind, malicious, benign }) => {
  const files = [...malicious, ...benign].filter(({ bytes }) => bytes.length < 4000)
  test(
    'every prefix is judged, every byte counted once, and no inspector fails',
    () => {
      for (const { bytes, path = '', name } of files) {
        const step = Math.max(1, Math.floor(bytes.length / 150))
        for (let length = 1; length < bytes.length; length += step) {
          const { facts, verdict } = look(bytes.subarray(0, length), path)
          expect(
            facts.observations.filter(({ code }) => code === 'scan.inspector-failed'),
            `${name} ${length}`,
          ).toEqual([])
          const { parsedBytes, tensorBytes, inertBytes, unaccountedBytes } = facts.coverage
          expect(parsedBytes + tensorBytes + inertBytes + unaccountedBytes).toBe(length)
          // Messages of protobuf and text may end anywhere and still be whole.
          if (facts.format === 'hdf5' || facts.format === 'tflite')
            expect(verdict, `${name} ${length}`).not.toBe('pass')
        }
      }
    },
    patient,
  )

  test(
    'flipped bits: no failure, no hang, bounded facts',
    () => {
      const next = random(kind.length)
      let rounds = 0
      for (const { bytes, path = '', name } of files) {
        for (let round = 0; round < 40; round++, rounds++) {
          const changed = Buffer.from(bytes)
          for (let flips = 1 + Math.floor(next() * 4); flips > 0; flips--) {
            const at = Math.floor(next() * changed.length)
            changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(next() * 8))
          }
          const started = performance.now()
          const { facts } = look(changed, path)
          expect(performance.now() - started, name).toBeLessThan(5000)
          expect(
            facts.observations.filter(({ code }) => code === 'scan.inspector-failed'),
            `${name} ${round}`,
          ).toEqual([])
          expect(JSON.stringify(facts).length).toBeLessThan(200_000)
        }
      }
      expect(rounds).toBeGreaterThan(200)
    },
    patient,
  )

  test('bytes behind the end never pass', () => {
    for (const { bytes, path = '', name } of benign) {
      const { verdict } = look(Buffer.concat([bytes, Buffer.from('\0\x07PK\x01\x02 more', 'latin1')]), path)
      expect(verdict, name).not.toBe('pass')
    }
  })
})

describe.skipIf(!present)('shared corpus', () => {
  test('graphs, Keras and XML: malicious is flagged, suspicious never silent, benign passes', async () => {
    const samples = readFileSync(join(corpus, 'index.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([file = '', format = '', expected = '', group = '']) => ({ file, format, expected, group }))
      .filter(({ group }) => ['onnx', 'tf', 'keras', 'xml'].includes(group))
    const report = await scanPaths(['onnx', 'tf', 'keras', 'misc'].map((folder) => join(corpus, folder)))
    const wrong: string[] = []
    for (const { file, expected } of samples) {
      const found = report.files.find(({ path }) => `/${file}`.endsWith(`/${path}`))
      const flagged = found?.findings.some(({ severity }) => atLeast(severity, 'medium')) === true
      const fine =
        expected === 'malicious'
          ? flagged
          : expected === 'benign'
            ? found?.verdict === 'pass'
            : found?.verdict !== 'pass'
      if (!fine)
        wrong.push(`${file} ${expected} ${found?.verdict} ${found?.findings.map(({ ruleId }) => ruleId).join()}`)
    }
    expect(samples.length).toBeGreaterThan(25)
    expect(wrong).toEqual([])
  })
})
