import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/index.ts'
import { readJournal } from './journal.ts'
import { openPartFile } from './part-file.ts'

const { signal } = new AbortController()
const nothing = { size: null, etag: null, statedEtag: null, have: [] }

test('what is journaled is what is there; a file that is begun anew believes nothing of the old one from its first moment on', async () => {
  const folder = temporaryFolder('part')
  const paths = { part: join(folder.path, 'a.part'), journal: join(folder.path, 'a.journal') }
  const bytes = randomBytes(100_000)
  const left = () => readJournal(paths.journal, paths.part)
  const first = await openPartFile(paths, nothing, () => undefined)
  await first.write(50_000, [bytes.subarray(50_000, 70_000), bytes.subarray(70_000)])
  await first.write(0, [bytes.subarray(0, 10_000)])
  // A kill here: the bytes are there, and nobody knows.
  expect(left()).toBeNull()
  first.note({ size: bytes.length, etag: '"a"' })
  await first.sync()
  const known = {
    size: bytes.length,
    etag: '"a"',
    statedEtag: null,
    have: [
      [0, 10_000],
      [50_000, 100_000],
    ],
  }
  expect(left()).toEqual(known)
  await first.close()

  const second = await openPartFile(paths, left() ?? nothing, () => undefined)
  await second.write(10_000, [bytes.subarray(10_000, 50_000)])
  expect(await second.finish(bytes.length, signal)).toBe(createHash('sha256').update(bytes).digest('hex'))
  await second.close()
  expect(left()).toMatchObject({ have: [[0, 100_000]] })

  const third = await openPartFile(paths, nothing, () => undefined)
  await third.write(0, [bytes])
  // A kill here, with other bytes of the same length than the old journal was about.
  expect(left()).toEqual(nothing)
  await third.close()
  folder.remove()
})
