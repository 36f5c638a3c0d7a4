import { expect, test } from 'vitest'
import type { FileFacts } from '../types.ts'
import { type BatchFile, runBatch } from './run-batch.ts'

const { signal } = new AbortController()
const program = (code: string) => ({ file: process.execPath, args: ['-e', code], networkNamespace: false })
const silent = program('setTimeout(() => {}, 60_000)')
const atOnce = { residentBytes: 2 ** 30, startMs: 200 }
const patient = { ...atOnce, startMs: 30_000 }

function twoFiles() {
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
  return { files, reasons: () => told.map(({ observations }) => observations[0]?.detail) }
}

test('a process that does not start in time is tried once more before its files are given up', async () => {
  const { files, reasons } = twoFiles()
  expect(await runBatch(silent, files, atOnce, signal)).toEqual(files)
  expect(reasons()).toEqual([])
  expect(await runBatch(silent, files, atOnce, signal)).toEqual([])
  const late = 'the scanner process did not start in time'
  expect(reasons()).toEqual([late, late])
})

test('a late start is no crash: one that was ended from outside after it blames nobody yet', async () => {
  const { files, reasons } = twoFiles()
  await runBatch(silent, files, atOnce, signal)
  const killed = program("process.kill(process.pid, 'SIGKILL')")
  expect(await runBatch(killed, files, patient, signal)).toEqual(files)
  expect(reasons()).toEqual([])
  expect(await runBatch(killed, files, patient, signal)).toEqual([files[1]])
  expect(reasons()).toEqual([expect.stringContaining('ended early')])
})
