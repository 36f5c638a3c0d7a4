import { fstatSync, readSync } from 'node:fs'
import { startupSnapshot } from 'node:v8'
import { messageOf } from '../kernel/index.ts'
import { createDeadline } from './deadline.ts'
import { InspectionEnded, inspect } from './inspect.ts'
import { type FromChild, firstDescriptor, type ScanJob, type ToChild } from './pool/protocol.ts'
import { createReader } from './reader.ts'

/**
 * The isolated scanner process: inspects the files it inherited as open descriptors, answers over the channel, and ends.
 * It has no environment, no file access beyond its own code, and ends by itself when its parent is gone.
 */
let parent = 0
let networkRefused = false

// In a snapshot all is loaded already; who started the process, and with what, is only known at its start.
if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(serve)
else serve()

function serve(): void {
  parent = process.ppid
  networkRefused = 'modelhubNetworkRefused' in globalThis
  process.on('disconnect', () => process.exit(0))
  process.on('message', (message: ToChild) => {
    void run(message.jobs)
  })
}

async function run(jobs: readonly ScanJob[]): Promise<void> {
  for (const job of jobs) {
    await send({ type: 'started', index: job.index, networkRefused })
    await send(inspectOne(job))
  }
  process.disconnect()
}

function inspectOne({ index, size, path, deadlineMs }: ScanJob): FromChild {
  const descriptor = firstDescriptor + index
  try {
    const actual = fstatSync(descriptor).size
    if (actual !== size)
      return { type: 'failed', index, reason: `the file has ${actual} bytes, ${size} were announced` }
    const readInto = (target: Uint8Array, offset: number): number =>
      readSync(descriptor, target, 0, target.length, offset)
    const reader = createReader({ size, readInto }, endWithParent)
    const deadline = createDeadline({
      deadlineMs,
      now: () => performance.now(),
      // Written at once, although nobody else has their turn before the inspection is done.
      onMoved: (moved) => void process.send?.({ type: 'moved', index, deadlineMs: moved } satisfies FromChild),
    })
    return { type: 'done', index, facts: inspect(reader, { path }, deadline) }
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
