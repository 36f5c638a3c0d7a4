import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { messageOf } from '../../kernel/index.ts'
import { incompleteFacts } from '../pool/incomplete-facts.ts'
import type { FromChild, ScanJob, ToChild } from '../pool/protocol.ts'

/** Stands in for the scanner child in tests and does what the name of the file says: the worst an inspector could do. */
const hoard: Uint8Array[] = []

function misbehave(job: ScanJob): string {
  switch (job.path) {
    case 'kill':
      process.kill(process.pid, 'SIGKILL')
      return ''
    case 'more':
      // Asks for more time without a turn for anybody else, then takes it.
      void process.send?.({ type: 'moved', index: job.index, deadlineMs: 60_000 } satisfies FromChild)
      return beBusy()
    case 'slow':
      return beBusy()
    case 'hang':
      // Tells a test that looks at the processes that the loop has begun.
      process.title = 'hanging'
      for (;;) Math.sqrt(hoard.length)
    case 'hog':
      for (;;) hoard.push(new Uint8Array(8 * 1024 * 1024).fill(1))
    case 'connect':
      return attempt(() => void connect(9, '127.0.0.1'))
    case 'fetch':
      return attempt(() => void fetch('http://127.0.0.1:9/'))
    case 'read':
      return attempt(() => void readFileSync('/etc/passwd'))
    case 'environment':
      return JSON.stringify(Object.keys(process.env))
    default:
      return 'well-behaved'
  }
}

function beBusy(): string {
  for (const end = Date.now() + 1_500; Date.now() < end; ) Math.sqrt(hoard.length)
  return ''
}

function attempt(action: () => void): string {
  try {
    action()
    return 'allowed'
  } catch (error) {
    return messageOf(error)
  }
}

process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToChild) => {
  void run(message.jobs)
})

async function run(jobs: readonly ScanJob[]): Promise<void> {
  for (const job of jobs) {
    await send({ type: 'started', index: job.index, networkRefused: 'modelhubNetworkRefused' in globalThis })
    const facts = incompleteFacts(job.size, misbehave(job), 'unreadable')
    await send({ type: 'done', index: job.index, facts: { ...facts, format: 'hostile' } })
  }
  process.disconnect()
}

function send(answer: FromChild): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(answer, undefined, undefined, () => resolve())
  })
}
