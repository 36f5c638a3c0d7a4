import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ggufBytes } from '../starter/gguf-writer.ts'
import { buildKnownBigram } from '../starter/index.ts'
import { tinyRandomModel } from '../testing/tiny-random.ts'
import { estimateMemory } from './estimate-memory.ts'
import { readGgufHead } from './gguf-head.ts'
import { parseSpec } from './parse-spec.ts'

const mib = 2 ** 20

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mh-head-'))
})
afterAll(async () => await rm(folder, { recursive: true }))
const headOf = async (bytes: Uint8Array) => {
  const path = join(folder, 'model.gguf')
  await writeFile(path, bytes)
  return await readGgufHead([path], path)
}

test('the head of a file gives its dimensions', async () => {
  expect(await headOf(buildKnownBigram().bytes)).toMatchObject({
    blocks: 1,
    embedding: 384,
    heads: 12,
    kvHeads: 1,
    contextLength: 2_048,
    keyLength: undefined,
  })
})

test('a head with 0 heads, another format or another version is refused', async () => {
  const code = 'broken_model'
  const refused = (words: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(words) as string })
  await expect(headOf(ggufBytes(tinyRandomModel({ headCount: 0 })))).rejects.toEqual(refused('head_count is 0'))
  await expect(headOf(Buffer.alloc(64))).rejects.toEqual(refused('not a GGUF'))
  const future = Buffer.from(ggufBytes(tinyRandomModel()))
  future.writeUInt32LE(9, 4)
  await expect(headOf(future)).rejects.toEqual(refused('version 9'))
})

test('memory is the process, the weights and the cache', () => {
  const head = {
    blocks: 32,
    embedding: 4_096,
    heads: 32,
    kvHeads: 8,
    keyLength: undefined,
    valueLength: undefined,
    contextLength: 8_192,
  }
  const spec = { deploymentId: 'd', files: [{ path: '/m', size: 4_000 * mib }], main: '/m' }
  // 32 blocks × 4096 tokens × 4 sequences × (1024 + 1024) × 2 bytes = 2 GiB
  expect(estimateMemory(spec, head)).toBe(128 * mib + 4_600 * mib + 2_048 * mib)
  expect(estimateMemory({ ...spec, parallel: 1, contextLength: 1_024 }, head)).toBe(128 * mib + 4_600 * mib + 128 * mib)
})

test.each([
  [[], 'object'],
  [{ files: [], main: '/a' }, 'files'],
  [{ files: [{ path: 'a', size: 1 }], main: 'a' }, 'absolute'],
  [{ files: [{ path: '/a', size: -1 }], main: '/a' }, 'size'],
  [{ files: [{ path: '/a', size: 1 }], main: '/b' }, 'main'],
  [{ files: [{ path: '/a', size: 1 }], main: '/a', parallel: 0 }, 'parallel'],
  [{ files: [{ path: '/a', size: 1 }], main: '/a', gpu: true }, 'gpu'],
  [{ files: [{ path: '/a', size: 1, fingerprint: { dev: 1 } }], main: '/a' }, 'fingerprint'],
])('the spec %j is refused for its %s', (body, word) => {
  expect(() => parseSpec('d', body)).toThrow(word)
})
