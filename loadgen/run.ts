import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { entry, HubError, internal } from '../kernel/index.ts'
import type { ClientHealth, FromLoadgen, LoadProgress, LoadRecord, LoadSpec, ToLoadgen } from './spec.ts'

export type LoadResult = { records: LoadRecord[]; clientHealth: ClientHealth; aborted: boolean }

export type RunLoadOptions = {
  onProgress?: (progress: LoadProgress) => void
  /** The program to start instead of the generator's own; for tests. */
  program?: URL
  signal?: AbortSignal
}

/** A generator that was told to stop and has not answered by then is ended. */
const abortGraceMs = 10_000

/**
 * Runs a load spec in a process of its own, so that this process's work does not disturb its clock. An abort resolves with
 * what was measured until then. Rejects with HubError: `invalid_load_spec`, or `loadgen_crashed` when the process ended early.
 */
export async function runLoad(spec: LoadSpec, options: RunLoadOptions = {}): Promise<LoadResult> {
  const { onProgress, program, signal } = options
  const child = fork(program ?? entry('./main', import.meta.url), {
    env: {},
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let killTimer: NodeJS.Timeout | undefined
  const abort = (): void => {
    tell(child, { type: 'abort' })
    killTimer = setTimeout(() => child.kill('SIGKILL'), abortGraceMs)
  }
  try {
    let last: FromLoadgen | undefined
    child.on('message', (message: FromLoadgen) => {
      if (message.type === 'progress') onProgress?.(message.progress)
      else last = message
    })
    const closed = new Promise<string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signalName) => resolve(signalName ?? `exit code ${code}`))
    })
    tell(child, { type: 'run', spec })
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
    const [records, ending] = await Promise.all([readRecords(child), closed])
    if (last?.type === 'refused') {
      throw new HubError({ kind: 'invalid', code: 'invalid_load_spec', message: last.message })
    }
    if (last?.type !== 'done' || last.records !== records.length) {
      throw internal('loadgen_crashed', `The load generator ended early (${ending}).`)
    }
    return { records, clientHealth: last.clientHealth, aborted: last.aborted }
  } finally {
    clearTimeout(killTimer)
    signal?.removeEventListener('abort', abort)
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  }
}

function tell(child: ChildProcess, message: ToLoadgen): void {
  // A process that has just ended is noticed by its end, not here.
  if (child.connected) child.send(message, () => undefined)
}

async function readRecords(child: ChildProcess): Promise<LoadRecord[]> {
  const records: LoadRecord[] = []
  if (child.stdout === null) return records
  for await (const line of createInterface({ input: child.stdout })) records.push(JSON.parse(line) as LoadRecord)
  return records
}
