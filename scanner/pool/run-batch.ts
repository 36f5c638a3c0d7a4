import { type ChildProcess, spawn } from 'node:child_process'
import { longestExtensionMs } from '../deadline.ts'
import type { FileFacts } from '../types.ts'
import type { ChildCommand } from './command.ts'
import { incompleteFacts } from './incomplete-facts.ts'
import { type FromChild, isFromChild, type ToChild } from './protocol.ts'
import { residentBytes } from './resident-memory.ts'

export type BatchFile = {
  descriptor: number
  size: number
  path: string
  deadlineMs: number
  /** A child ended in the middle of this file before. */
  crashed?: boolean
  /** A child that was to begin with this file did not start in time before. */
  late?: boolean
  /** Called once, unless the file is handed back. */
  finish: (facts: FileFacts, networkPreload: boolean) => void
}

export type BatchLimits = {
  residentBytes: number
  /** Milliseconds a child may take until it starts on its first file. */
  startMs: number
  /** Told at each message: the child has started, with all that its command gives it. */
  onWord?: () => void
}

const watchMs = 50

/**
 * Inspects files in one child, in order. Returns those that were not begun when the child ended early: they are not to blame.
 * The one in progress is: it gets incomplete facts. A crash must happen twice for that, since a child can also be ended from
 * outside; the first time the file is marked and returned too. A start that takes too long must happen twice as well, and is counted
 * apart: a machine that is too busy to start a process in time says nothing of the files. Never throws.
 */
export function runBatch(
  command: ChildCommand,
  files: readonly BatchFile[],
  limits: BatchLimits,
  signal: AbortSignal,
): Promise<BatchFile[]> {
  return new Promise((resolve) => {
    const finished = new Set<number>()
    let current: number | undefined
    let began = 0
    let allowedMs = 0
    let preload = false
    let cause: 'crash' | 'deadline' | 'memory' | 'cancelled' = 'crash'
    let deadline: NodeJS.Timeout | undefined
    let ended = false

    const finish = (index: number, facts: FileFacts): void => {
      const file = files[index]
      if (file === undefined || finished.has(index)) return
      finished.add(index)
      file.finish(facts, preload)
    }

    let child: ChildProcess
    try {
      child = spawn(command.file, command.args, {
        env: {},
        cwd: '/',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...files.map((file) => file.descriptor)],
      })
    } catch (error) {
      for (const [index, file] of files.entries())
        finish(index, incompleteFacts(file.size, `the scanner process could not start: ${String(error)}`, 'crash'))
      resolve([])
      return
    }

    const stop = (reason: typeof cause): void => {
      cause = reason
      child.kill('SIGKILL')
    }
    const arm = (ms: number): void => {
      clearTimeout(deadline)
      deadline = setTimeout(() => stop('deadline'), ms)
    }
    const watch = setInterval(() => {
      if (child.pid === undefined) return
      void residentBytes(child.pid).then((bytes) => {
        if (bytes !== undefined && bytes > limits.residentBytes) stop('memory')
      })
    }, watchMs)
    const cancel = (): void => stop('cancelled')
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    arm(limits.startMs)

    child.on('message', (message: unknown) => {
      if (!isFromChild(message)) return stop('crash')
      limits.onWord?.()
      onMessage(message)
      return undefined
    })
    child.on('error', () => onEnd('the scanner process could not start'))
    child.on('exit', (code, signalName) =>
      onEnd(signalName === null ? `exit code ${code ?? 0}` : `signal ${signalName}`),
    )
    const jobs = files.map((file, index) => ({ index, size: file.size, path: file.path, deadlineMs: file.deadlineMs }))
    child.send({ type: 'batch', jobs } satisfies ToChild, (error) => {
      if (error !== null) stop('crash')
    })

    function onMessage(message: FromChild): void {
      const file = files[message.index]
      if (file === undefined) return stop('crash')
      if (message.type === 'started') {
        current = message.index
        preload = message.networkRefused
        began = performance.now()
        allowedMs = file.deadlineMs
        arm(allowedMs)
      } else if (message.type === 'moved') {
        if (message.index !== current) return stop('crash')
        allowedMs = Math.min(Math.max(allowedMs, message.deadlineMs), file.deadlineMs + longestExtensionMs)
        arm(allowedMs - (performance.now() - began))
      } else {
        const facts =
          message.type === 'done' ? message.facts : incompleteFacts(file.size, String(message.reason), 'unreadable')
        // A child that lies about the size would leave bytes unaccounted for.
        if (facts.size !== file.size) return stop('crash')
        finish(message.index, facts)
        current = undefined
        arm(limits.startMs)
        // It has nothing left to say, and nobody waits until it has put itself away.
        if (finished.size === files.length) child.kill('SIGKILL')
      }
      return undefined
    }

    function onEnd(how: string): void {
      if (ended) return
      ended = true
      clearTimeout(deadline)
      clearInterval(watch)
      signal.removeEventListener('abort', cancel)
      const left = () => files.filter((_file, index) => !finished.has(index))
      const isLate = cause === 'deadline' && current === undefined
      const [next] = left()
      if (isLate && next !== undefined && next.late !== true) {
        next.late = true
        return resolve(left())
      }
      // The first file is to blame when the child never got to say which it was at.
      const blamed =
        current ??
        (cause === 'crash' || (finished.size > 0 && !isLate)
          ? files.findIndex((_file, index) => !finished.has(index))
          : -1)
      const file = files[blamed]
      if (cause === 'crash' && file !== undefined && file.crashed !== true) file.crashed = true
      else if (file !== undefined && finished.size < files.length)
        finish(blamed, incompleteFacts(file.size, reasonOf(cause, how, allowedMs, limits), cause))
      if (cause === 'cancelled' || isLate) {
        for (const [index, { size }] of files.entries())
          finish(
            index,
            incompleteFacts(
              size,
              cause === 'cancelled' ? 'the scan was cancelled' : 'the scanner process did not start in time',
              cause,
            ),
          )
      }
      resolve(left())
    }
  })
}

function reasonOf(
  cause: 'crash' | 'deadline' | 'memory' | 'cancelled',
  how: string,
  allowedMs: number,
  limits: BatchLimits,
): string {
  if (cause === 'deadline') return `the inspection took longer than ${Math.round(allowedMs)} ms`
  if (cause === 'memory')
    return `the inspection took more than ${Math.round(limits.residentBytes / 1048576)} MiB of memory`
  return cause === 'cancelled' ? 'the scan was cancelled' : `the scanner process ended early (${how})`
}
