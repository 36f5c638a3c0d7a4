import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { messageOf } from '../kernel/index.ts'
import { generateLoad } from './generate-load.ts'
import type { FromLoadgen, LoadProgress, LoadRecord, LoadSpec, ToLoadgen } from './spec.ts'

// The load generator as a program. With an IPC channel: spec, abort and progress go over it. Without: the spec is JSON on
// standard input and the last line of output is the summary. Records go to standard output, one JSON object per line.

const controller = new AbortController()

async function run(spec: LoadSpec): Promise<void> {
  try {
    const onProgress = (progress: LoadProgress): void => void tell({ type: 'progress', progress })
    const done = await generateLoad(spec, onProgress, controller.signal)
    const { clientHealth, aborted, count } = done
    await pipeline(Readable.from(lines(done.records)), process.stdout, { end: false })
    await tell({ type: 'done', clientHealth, aborted, records: count })
  } catch (error) {
    process.exitCode = 1
    await tell({ type: 'refused', message: messageOf(error) })
  }
  if (process.connected) process.disconnect()
}

function* lines(records: Iterable<LoadRecord>): Generator<string> {
  for (const record of records) yield `${JSON.stringify(record)}\n`
}

async function tell(message: FromLoadgen): Promise<void> {
  if (process.send !== undefined) {
    if (process.connected) await new Promise<void>((resolve) => process.send?.(message, () => resolve()))
  } else if (message.type !== 'progress') process.stdout.write(`${JSON.stringify(message)}\n`)
}

if (process.send === undefined) {
  process.once('SIGINT', () => controller.abort())
  await run(JSON.parse(await text(process.stdin)) as LoadSpec)
} else {
  // A generator without its parent would load the target for nobody.
  process.once('disconnect', () => process.exit(0))
  // Service managers signal every process; the parent breaks the run off in order.
  process.on('SIGTERM', () => undefined)
  process.on('SIGINT', () => undefined)
  process.on('message', (message: ToLoadgen) => {
    if (message.type === 'abort') controller.abort()
    else void run(message.spec)
  })
}
