import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Measured } from '../ingest.ts'
import { hashFile } from './hash-file.ts'
import { openHub } from './open-hub.ts'

const mebibyte = 2 ** 20
const size = 2_048 * mebibyte
const rounds = 5
/** File systems stamp changes late while a file is new; afterwards nothing waits for that. */
const settleMs = 61_000

/**
 * How long it takes to list, read and seal one warm file, held against what cannot be done without: in place, hashing it; copied,
 * writing as many bytes and flushing them. Written from memory, so that the control reads nothing.
 */
export async function measureTakeIn(): Promise<{ ingestVsHash: Measured; ingestCopyVsWrite: Measured }> {
  const folder = mkdtempSync(join(tmpdir(), 'modelhub-bench-take-in-'))
  const models = join(folder, 'models')
  mkdirSync(models)
  const path = join(models, 'weights.bin')
  makeFile(path)
  const hub = await openHub(folder, models)
  try {
    console.error(`waiting ${settleMs / 1_000} s until the file is old`)
    await new Promise((resolve) => setTimeout(resolve, settleMs))
    const [inPlace, hashed, copied, written]: [number[], number[], number[], number[]] = [[], [], [], []]
    hashFile(path)
    for (let round = 0; round < rounds; round++) {
      hashed.push(secondsOf(() => hashFile(path)))
      inPlace.push(await hub.takeIn({ type: 'disk', path, mode: 'in_place' }))
      written.push(secondsOf(() => writeFlushed(join(folder, 'control'))))
      copied.push(await hub.takeIn({ type: 'disk', path, mode: 'copy' }))
    }
    const against = (subject: readonly number[], control: readonly number[]): Measured => ({
      ratios: subject.map((one, i) => one / (control[i] ?? Number.NaN)),
      control,
      facts: { sizeBytes: size, seconds: subject, controlSeconds: control },
    })
    return { ingestVsHash: against(inPlace, hashed), ingestCopyVsWrite: against(copied, written) }
  } finally {
    await hub.close()
    rmSync(folder, { recursive: true })
  }
}

function secondsOf(work: () => void): number {
  const began = performance.now()
  work()
  return (performance.now() - began) / 1_000
}

/** Numbers that do not repeat, so that nothing on the way can make them smaller. */
function makeFile(path: string): void {
  const buffer = Buffer.alloc(mebibyte)
  const file = openSync(path, 'w')
  let state = 1
  for (let done = 0; done < size; done += buffer.length) {
    for (let at = 0; at < buffer.length; at += 4) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      buffer.writeUInt32LE(state, at)
    }
    writeSync(file, buffer)
  }
  fsyncSync(file)
  closeSync(file)
}

function writeFlushed(path: string): void {
  const buffer = Buffer.alloc(mebibyte, 7)
  const file = openSync(path, 'w')
  for (let done = 0; done < size; done += buffer.length) writeSync(file, buffer)
  fsyncSync(file)
  closeSync(file)
  rmSync(path)
}
