import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atLeast } from '../kernel/index.ts'
import { scanPaths } from './scan-path.ts'
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

const inspected = new Set(['gguf', 'safetensors', 'template', 'repo-config', 'secret', 'executable'])

describe.skipIf(!present)('shared corpus', () => {
  test('malicious samples never pass, suspicious ones are never silent, benign ones are never blocked', () => {
    const wrong = samples.filter(({ file, expected }) => {
      const { verdict } = look(readFileSync(join(corpus, file)), basename(file))
      return expected === 'benign' ? verdict === 'block' : verdict === 'pass'
    })
    expect(wrong).toEqual([])
  })

  test('formats inspected in this release: malicious ones have a finding of medium or above', async () => {
    // Folders are scanned as repositories, because some samples only show beside one another.
    const report = await scanPaths([corpus])
    const byPath = new Map(report.files.map((file) => [file.path, file]))
    const missed = samples
      .filter(({ group, expected }) => inspected.has(group) && expected === 'malicious')
      .filter(({ file }) => byPath.get(file)?.findings.some((finding) => atLeast(finding.severity, 'medium')) !== true)
    expect(missed).toEqual([])
    for (const { file, group, expected } of samples) {
      if (inspected.has(group) && expected === 'benign')
        expect(byPath.get(file), file).toMatchObject({ verdict: 'pass', findings: [] })
    }
  })

  test('every prefix of the small GGUF and safetensors samples is judged in bounded time', () => {
    for (const { file, group } of samples.filter((sample) => /^(gguf|safetensors)\//.test(sample.file))) {
      const bytes = readFileSync(join(corpus, file))
      const step = Math.max(1, Math.floor(bytes.length / 400))
      for (let length = 0; length < bytes.length; length += step) {
        const started = performance.now()
        const { verdict, facts } = look(bytes.subarray(0, length), basename(file))
        expect(performance.now() - started, file).toBeLessThan(5000)
        if (group === 'gguf' && facts.format === 'gguf') expect(verdict, `${file} ${length}`).not.toBe('pass')
      }
    }
  })

  test('a model that another generator wrote passes', () => {
    const { verdict, findings } = look(readFileSync(join(shared, 'gguf', 'tiny-random.gguf')), 'tiny-random.gguf')
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  })
})
