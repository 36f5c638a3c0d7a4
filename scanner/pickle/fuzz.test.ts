import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { seededRandom } from '../testing/random.ts'
import { numpySamples } from '../testing/samples/numpy.ts'
import { pickleSamples } from '../testing/samples/pickle.ts'
import { torchLegacySamples } from '../testing/samples/torch-legacy.ts'

const kinds = [pickleSamples, numpySamples, torchLegacySamples]

describe.each(kinds)('$kind', ({ kind, malicious, benign, mutations }) => {
  const all = [...malicious, ...benign, ...mutations].filter(({ bytes }) => bytes.length < 80_000)

  test('every prefix is judged in bounded time and accounts for all its bytes', () => {
    for (const { bytes, path = '', name } of all) {
      const step = Math.max(1, Math.floor(bytes.length / 400))
      for (let length = 0; length < bytes.length; length += step) {
        const started = performance.now()
        const { facts } = look(bytes.subarray(0, length), path)
        expect(performance.now() - started, name).toBeLessThan(5_000)
        expect(
          facts.observations.some(({ code }) => code === 'scan.inspector-failed'),
          `${name} ${length}`,
        ).toBe(false)
        const { parsedBytes, tensorBytes, inertBytes, unaccountedBytes } = facts.coverage
        expect(parsedBytes + tensorBytes + inertBytes + unaccountedBytes).toBe(length)
      }
    }
  }, 120_000)

  test('flipped bits never make the inspector fail', () => {
    const random = seededRandom(kind.length)
    for (const { bytes, path = '', name } of all) {
      for (let round = 0; round < 300; round++) {
        const changed = Buffer.from(bytes)
        for (let flips = 1 + Math.floor(random() * 3); flips > 0; flips--) {
          const at = Math.floor(random() * changed.length)
          changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(random() * 8))
        }
        const started = performance.now()
        const { facts } = look(changed, path)
        expect(performance.now() - started, name).toBeLessThan(5_000)
        expect(
          facts.observations.filter(({ code }) => code === 'scan.inspector-failed'),
          name,
        ).toEqual([])
        expect(JSON.stringify(facts).length).toBeLessThan(200_000)
      }
    }
  }, 120_000)
})
