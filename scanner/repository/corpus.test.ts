import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { atLeast, severities } from '../../kernel/index.ts'
import { type ScannedFile, scanPaths } from '../scan-path.ts'
import { look } from '../testing/look.ts'

const corpus = join(import.meta.dirname, '..', '..', '..', 'shared', 'scanner-corpus')
const present = existsSync(join(corpus, 'index.csv'))
if (!present) process.stdout.write('skipped: no shared inputs\n')

const groups = new Set(['repo-config', 'template', 'secret', 'msgpack', 'r'])
const samples = !present
  ? []
  : readFileSync(join(corpus, 'index.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([file = '', , expected = '', group = '']) => ({ file, expected, group }))
      .filter(({ file, group }) => groups.has(group) || file.startsWith('repo/'))

describe.skipIf(!present)('repositories, MessagePack and R of the shared corpus', () => {
  test('each sample gets what its label asks for', async () => {
    const report = await scanPaths([corpus])
    const byPath = new Map<string, ScannedFile>(report.files.map((file) => [file.path, file]))
    const wrong = samples.filter(({ file, expected }) => {
      const { verdict, findings } = byPath.get(file) ?? { verdict: 'pass', findings: [] }
      const flagged = findings.some(({ severity }) => atLeast(severity, 'medium'))
      return expected === 'benign' ? verdict !== 'pass' : expected === 'malicious' ? !flagged : verdict === 'pass'
    })
    expect(wrong).toEqual([])
    const high = samples.filter(
      ({ file }) =>
        byPath
          .get(file)
          ?.findings.some(({ severity }) => severities.indexOf(severity) >= severities.indexOf('high')) === true,
    )
    process.stdout.write(
      `${samples.length} samples of repositories, MessagePack and R: all as labelled, ${high.length} with a finding of high or above\n`,
    )
  })

  test('prefixes and flipped bits are judged in bounded time', () => {
    let state = 7
    const next = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state
    }
    for (const { file } of samples) {
      const bytes = readFileSync(join(corpus, file))
      const step = Math.max(1, Math.floor(bytes.length / 100))
      for (let length = 0; length < bytes.length; length += step) timed(bytes.subarray(0, length), file)
      for (let round = 0; round < 200; round++) {
        const changed = Buffer.from(bytes)
        const at = next() % changed.length
        changed[at] = (changed[at] ?? 0) ^ (1 << (next() % 8))
        timed(changed, file)
      }
    }
  })
})

function timed(bytes: Uint8Array, file: string): void {
  const started = performance.now()
  look(bytes, basename(file))
  expect(performance.now() - started, file).toBeLessThan(5_000)
}
