import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { atLeast } from '../kernel/index.ts'
import { type ScannedFile, scanPaths } from './scan-path.ts'
import { look } from './testing/look.ts'

const shared = join(import.meta.dirname, '..', '..', 'shared')
const corpus = join(shared, 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stdout.write('skipped: no shared inputs\n')

type Sample = { file: string; format: string; expected: string; group: string }
const samples: Sample[] = !present
  ? []
  : readFileSync(join(corpus, 'index.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([file = '', format = '', expected = '', group = '']) => ({ file, format, expected, group }))

/** Malicious samples without a finding of medium or above, each with the reason why it is missed. There is none. */
const known: Readonly<Record<string, string>> = {}
/** Whose content is a pickle, bare or packed as loaders take it. */
const pickles = new Set(['pickle', 'joblib', 'torch-zip', 'torch-legacy', 'npy', 'npz'])

describe.skipIf(!present)('shared corpus', () => {
  let scanned: Map<string, ScannedFile>
  /** Samples of an expectation with what was found. */
  const of = (expected: string) =>
    samples
      .filter((sample) => sample.expected === expected)
      .map((sample) => {
        const file = scanned.get(sample.file)
        if (file === undefined) throw new Error(`${sample.file} was not scanned`)
        return { ...sample, verdict: file.verdict, findings: file.findings }
      })
  const has = (one: { findings: ScannedFile['findings'] }, severity: 'medium' | 'high') =>
    one.findings.some((finding) => atLeast(finding.severity, severity))

  beforeAll(async () => {
    // As one repository, because some samples only show beside one another.
    const report = await scanPaths([corpus])
    scanned = new Map(report.files.map((file) => [file.path, file]))
  }, 120_000)

  test('malicious samples have a finding of medium or above; those that have none are named', () => {
    const malicious = of('malicious')
    const missed = malicious.filter((one) => !has(one, 'medium')).map(({ file }) => file)
    process.stderr.write(`  flagged ${malicious.length - missed.length} of ${malicious.length}\n`)
    expect(missed).toEqual(Object.keys(known))
    expect(missed.length / malicious.length).toBeLessThanOrEqual(0.01)
  })

  test('malicious pickles have a high or critical finding', () => {
    const malicious = of('malicious').filter(({ format }) => pickles.has(format))
    const low = malicious.filter((one) => !has(one, 'high')).map(({ file }) => file)
    process.stderr.write(`  high or critical ${malicious.length - low.length} of ${malicious.length} pickles\n`)
    expect(low).toEqual([])
  })

  test('suspicious samples are never silent', () => {
    expect(of('suspicious').filter(({ verdict }) => verdict === 'pass')).toEqual([])
  })

  test('benign samples are not blocked, and hardly any is in review or incomplete', () => {
    const benign = of('benign')
    const by = (verdict: string) => benign.filter((one) => one.verdict === verdict).map(({ file }) => file)
    process.stderr.write(
      `  benign: ${benign.length}, in review ${by('review').length}, incomplete ${by('incomplete').length}\n`,
    )
    expect(by('block')).toEqual([])
    expect(by('review').length / benign.length).toBeLessThanOrEqual(0.05)
    expect(by('incomplete').length / benign.length).toBeLessThanOrEqual(0.1)
  })

  test('a model that another generator wrote passes', () => {
    const { verdict, findings } = look(readFileSync(join(shared, 'gguf', 'tiny-random.gguf')), 'tiny-random.gguf')
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  })
})
