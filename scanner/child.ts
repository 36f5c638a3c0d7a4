import { fstatSync, readSync } from 'node:fs'
import { messageOf } from '../kernel/index.ts'
import { InspectionEnded, inspect } from './inspect.ts'
import { type FromChild, firstDescriptor, type ScanJob, type ToChild } from './pool/protocol.ts'
import { createReader } from './reader.ts'

/**
 * The isolated scanner process: inspects the files it inherited as open descriptors, answers over the channel, and ends.
 * It has no environment, no file access beyond its own code, and ends by itself when its parent is gone.
 */
const parent = process.ppid
const networkRefused = 'modelhubNetworkRefused' in globalThis

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToChild) => {
  void run(message.jobs)
})

async function run(jobs: readonly ScanJob[]): Promise<void> {
  for (const job of jobs) {
    await send({ type: 'started', index: job.index, networkRefused })
    await send(inspectOne(job))
  }
  process.disconnect()
}

function inspectOne({ index, size, path }: ScanJob): FromChild {
  const descriptor = firstDescriptor + index
  try {
    const actual = fstatSync(descriptor).size
    if (actual !== size)
      return { type: 'failed', index, reason: `the file has ${actual} bytes, ${size} were announced` }
    const readInto = (target: Uint8Array, offset: number): number =>
      readSync(descriptor, target, 0, target.length, offset)
    const reader = createReader({ size, readInto }, endWithParent)
    return { type: 'done', index, facts: inspect(reader, { path }) }
  } catch (error) {
    return { type: 'failed', index, reason: messageOf(error) }
  }
}

/** Inspection is synchronous, so the end of the parent is noticed where the file is read. */
function endWithParent(): void {
  if (process.ppid !== parent) throw new InspectionEnded('the parent is gone')
}

/** Resolves once the message is handed over, so that a crash in the next file cannot take this answer along. */
function send(message: FromChild): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)))
  })
}
