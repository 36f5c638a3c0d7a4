import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { callsOf, noiseOf } from '../testing/compressed-bytes.ts'
import { branchFilter, deltaFilter, type Filter, filtered } from './filters.ts'
import { BrokenStream, type UnpackStream } from './types.ts'

/** The start of the SHA-256 of what liblzma 5.4 makes of the same bytes by the same filter. */
const known: readonly [string, Uint8Array, () => Filter, string][] = [
  ['x86, dense calls', callsOf(50_000), () => branchFilter(4), '40f0299387b3edda'],
  ['x86, noise', noiseOf(70_000), () => branchFilter(4), 'cd7e4b6b3366f6db'],
  ['PowerPC', noiseOf(70_000), () => branchFilter(5), '3247ef45cb70002d'],
  ['ARM', noiseOf(70_000), () => branchFilter(7), '2754d58a47891183'],
  ['ARM Thumb', noiseOf(70_000), () => branchFilter(8), '7f636090f580af95'],
  ['SPARC', noiseOf(70_000), () => branchFilter(9), '627d43e956fc751d'],
  ['delta of 256', noiseOf(70_000), () => deltaFilter(256), '0072f414f8b5bdfe'],
]

function streamOf(bytes: Uint8Array, step: number): UnpackStream {
  let at = 0
  return {
    consumed: () => at,
    read: (max) => {
      const part = bytes.subarray(at, at + Math.min(max, step))
      at += part.length
      return part
    },
  }
}

test.each(known)('%s, whatever the pieces', (_name, bytes, filter, start) => {
  for (const step of [1, 3, 1000, 1_000_000]) {
    const stream = filtered(streamOf(bytes, step), filter())
    const hash = createHash('sha256')
    let size = 0
    for (let part = stream.read(4096); part.length > 0; part = stream.read(4096)) {
      hash.update(part)
      size += part.length
    }
    expect(size).toBe(bytes.length)
    expect(hash.digest('hex').slice(0, 16), `${step} bytes a piece`).toBe(start)
  }
})

test('converters that are not read are opaque', () => {
  expect(() => branchFilter(6)).toThrow(BrokenStream)
})
