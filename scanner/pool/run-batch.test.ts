import { expect, test } from 'vitest'
import type { FileFacts } from '../types.ts'
import { type BatchFile, runBatch } from './run-batch.ts'

test('a process that does not start in time is tried once more before its files are given up', async () => {
  const told: FileFacts[] = []
  const files = [1, 2].map(
    (size): BatchFile => ({
      descriptor: 0,
      size,
      path: `${size}.txt`,
      deadlineMs: 1_000,
      finish: (facts) => told.push(facts),
    }),
  )
  const silent = { file: process.execPath, args: ['-e', 'setTimeout(() => {}, 60_000)'] }
  const command = { ...silent, networkNamespace: false }
  const limits = { residentBytes: 2 ** 30, startMs: 200 }
  const { signal } = new AbortController()

  expect(await runBatch(command, files, limits, signal)).toEqual(files)
  expect(told).toEqual([])
  expect(await runBatch(command, files, limits, signal)).toEqual([])
  expect(told.map(({ observations }) => observations)).toMatchObject([
    [{ code: 'scan.incomplete', detail: expect.stringContaining('did not start in time') as string }],
    [{ code: 'scan.incomplete', detail: expect.stringContaining('did not start in time') as string }],
  ])
})
