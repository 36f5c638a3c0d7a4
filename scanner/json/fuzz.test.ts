import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { rdsBytes } from '../testing/rds-bytes.ts'
import { jsonSamples } from '../testing/samples/json.ts'
import { msgpackSamples } from '../testing/samples/msgpack.ts'
import { pythonSamples } from '../testing/samples/python.ts'
import type { Sample } from '../testing/samples/types.ts'
import { ubjsonSamples } from '../testing/samples/ubjson.ts'
import { yamlSamples } from '../testing/samples/yaml.ts'

const rds: Sample[] = [
  {
    name: 'a promise',
    bytes: rdsBytes({ list: [{ promise: { call: ['system', { texts: ['id'] }] } }, { reals: [1] }] }),
  },
]
const groups: [kind: string, samples: readonly Sample[]][] = [
  ...[jsonSamples, yamlSamples, pythonSamples, msgpackSamples, ubjsonSamples].map(
    ({ kind, malicious, benign, mutations }): [string, Sample[]] => [kind, [...malicious, ...benign, ...mutations]],
  ),
  ['rds', rds],
]

/** A small seeded generator, so that a failure can be repeated. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state
  }
}

test.each(groups)(
  'every prefix and some hundred changes of each sample of %s are judged, and every byte is counted',
  (_kind, samples) => {
    const next = random(samples.length)
    for (const { name, bytes, path = '' } of samples) {
      const attempts: Buffer[] = []
      const step = Math.max(1, Math.floor(bytes.length / 300))
      for (let length = 0; length < bytes.length; length += step) attempts.push(Buffer.from(bytes.subarray(0, length)))
      for (let round = 0; round < 150; round++) {
        const changed = Buffer.from(bytes)
        for (let flips = 1 + (next() % 3); flips > 0; flips--) {
          const at = next() % changed.length
          changed[at] = (changed[at] ?? 0) ^ (1 << ((next() >>> 8) % 8))
        }
        attempts.push(changed)
      }
      for (const attempt of attempts) {
        const started = performance.now()
        const { facts } = look(attempt, path)
        expect(performance.now() - started, name).toBeLessThan(5_000)
        const { parsedBytes, tensorBytes, inertBytes, unaccountedBytes } = facts.coverage
        expect(parsedBytes + tensorBytes + inertBytes + unaccountedBytes, name).toBe(attempt.length)
        expect(
          facts.observations.filter(({ code }) => code === 'scan.inspector-failed'),
          name,
        ).toEqual([])
        expect(JSON.stringify(facts).length, name).toBeLessThan(200_000)
      }
    }
  },
)
