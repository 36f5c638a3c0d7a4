import { createHash } from 'node:crypto'
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { hubErrorOf, temporaryFolder } from '../../../test/support/index.ts'
import { hashFile, manifestDigest } from './index.ts'

const entry = (path: string, text = path) => ({
  path,
  size: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
})

describe('manifestDigest', () => {
  test('is the SHA-256 of the canonical manifest, byte for byte', () => {
    const { sha256 } = entry('a.txt', 'abc')
    expect(sha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    const text = `{"files":[{"path":"a.txt","sha256":"${sha256}","size":3}],"manifest":1}`
    expect(manifestDigest([entry('a.txt', 'abc')])).toBe(createHash('sha256').update(text).digest('hex'))
  })

  test('has a value that no later release may change', () => {
    expect(manifestDigest([entry('model.gguf', 'weights'), entry('README.md', '# Card')])).toBe(
      '1044da71aec0b227d01dc2496148b695a88aabde714f85b3fdaa819b4910d91b',
    )
  })

  test('does not depend on the order of the listing nor on what else is known of a file', () => {
    const files = ['b', 'a', 'Z', 'é', '🙂', 'a/b', 'a-b', 'a.b'].map((path) => entry(path))
    const digest = manifestDigest(files)
    for (let i = 0; i < 20; i++) {
      const shuffled = files.map((file) => ({ file, at: Math.sin(i * 31 + file.path.length * 17 + i * file.size) }))
      shuffled.sort((a, b) => a.at - b.at)
      expect(manifestDigest(shuffled.map(({ file }) => ({ ...file, stored: 'blob' })))).toBe(digest)
    }
    expect(files.map(({ path }) => path)[0]).toBe('b')
  })

  test('depends on path, size and digest of every file', () => {
    const files = [entry('a'), entry('b')]
    const [a, b] = [entry('a'), entry('b')]
    const digests = [
      manifestDigest(files),
      manifestDigest([a]),
      manifestDigest([]),
      manifestDigest([{ ...a, path: 'c' }, b]),
      manifestDigest([{ ...a, size: 9 }, b]),
      manifestDigest([
        { ...a, sha256: b.sha256 },
        { ...b, sha256: a.sha256 },
      ]),
    ]
    expect(new Set(digests).size).toBe(digests.length)
  })
})

describe('hashFile', () => {
  const folder = temporaryFolder('hash')
  afterAll(() => folder.remove())
  const path = join(folder.path, 'file')
  const hash = async (size: number, onBytes: (bytes: number) => void = () => undefined, signal?: AbortSignal) => {
    const handle = await open(path)
    try {
      return await hashFile(handle, size, onBytes, signal)
    } finally {
      await handle.close()
    }
  }
  const bytes = Buffer.alloc(3 * 2 ** 20 + 7, 'pattern')

  test.each([0, 1, 2 ** 20, bytes.length])(
    'of %i bytes is their SHA-256, and every byte is reported once',
    async (size) => {
      writeFileSync(path, bytes.subarray(0, size))
      let reported = 0
      const digest = await hash(size, (n) => (reported += n))
      expect(digest).toBe(createHash('sha256').update(bytes.subarray(0, size)).digest('hex'))
      expect(reported).toBe(size)
    },
  )

  test('refuses a file that grows or shrinks while it is read', async () => {
    writeFileSync(path, bytes)
    let grown = false
    const grow = hash(bytes.length, () => {
      if (!grown) appendFileSync(path, 'more')
      grown = true
    })
    expect(await hubErrorOf(grow)).toMatchObject({ kind: 'conflict', code: 'file_changed' })
    writeFileSync(path, bytes)
    const shrink = hash(bytes.length, () => truncateSync(path, 2 ** 20 + 1))
    expect((await hubErrorOf(shrink)).code).toBe('file_changed')
  })

  test('refuses a file whose length is not what was planned', async () => {
    writeFileSync(path, 'abc')
    expect((await hubErrorOf(hash(2))).code).toBe('file_changed')
    expect((await hubErrorOf(hash(4))).code).toBe('file_changed')
  })

  test('ends soon after it is told to', async () => {
    writeFileSync(path, bytes)
    const stop = new AbortController()
    let chunks = 0
    const run = hash(bytes.length, () => ((chunks += 1), stop.abort(new Error('enough'))), stop.signal)
    await expect(run).rejects.toThrow('enough')
    expect(chunks).toBe(1)
  })
})
