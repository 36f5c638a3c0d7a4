import { fork } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { entry, redact } from '../../kernel/index.ts'
import type { ChildReady, ChildSpec, FromChild, ToChild } from '../protocol.ts'
import { EngineProblem } from './problem.ts'

export type EngineChild = {
  pid: number
  ready: ChildReady
  /** Resident bytes as of the last beat. */
  rssBytes: () => number
  /** Resolves when the process is gone, with the reason unless `stop` was called. */
  ended: Promise<EngineProblem | undefined>
  /** Ends the process; resolves when it is gone. */
  stop: () => Promise<void>
}

export type ChildLimits = {
  loadTimeoutMs: number
  /** Resident bytes above which the process is ended. */
  memoryBytes: number
  /** Silence of the event loop after which the process is ended. */
  silenceMs: number
}

/** How long a process may be over its limit unseen. */
const watchMs = 250

/**
 * Starts an engine process with an empty environment and waits until it serves. Rejects with EngineProblem:
 * `broken_model`, `nan_logits`, `not_generative` (422), `engine_crashed` (422), `memory_limit`, `out_of_memory`, `timeout` (503).
 */
export async function startChild(spec: ChildSpec, limits: ChildLimits, signal: AbortSignal): Promise<EngineChild> {
  if (signal.aborted) throw unloaded()
  const child = fork(entry('../child', import.meta.url), {
    // llama.cpp brings the rows of a batch into order when the first of them is read, and node-llama-cpp reads them from the threads of
    // this pool: with more than one, answers of requests in the same batch are exchanged now and then.
    env: { UV_THREADPOOL_SIZE: '1' },
    execArgv: ['--max-old-space-size=1024'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const lastWords = keepTail(child.stderr, 16_000)
  let killedFor: EngineProblem | 'stop' | undefined
  let ready: ChildReady | undefined
  let rssBytes = 0
  const kill = (why: EngineProblem | 'stop'): void => {
    killedFor ??= why
    child.kill('SIGKILL')
  }

  // A loading child cannot tell how large it is: the beats begin when it serves.
  const watching = setInterval(() => {
    void residentBytes(child.pid ?? 0).then((bytes) => {
      if (bytes !== undefined && bytes > limits.memoryBytes) kill(memoryLimit(bytes, limits.memoryBytes))
    })
  }, watchMs)
  // Should the machine itself run out of memory, an engine is to go before the hub.
  void writeFile(`/proc/${child.pid ?? 0}/oom_score_adj`, '500').catch(() => undefined)

  const ended = new Promise<EngineProblem | undefined>((resolve) => {
    const end = (code: number | null, signalName: string | null, error?: Error): void => {
      clearTimeout(silence)
      clearInterval(watching)
      if (killedFor === 'stop') resolve(undefined)
      else resolve(killedFor ?? crashed(ready !== undefined, code, signalName, error?.message ?? lastWords()))
    }
    child.once('exit', (code, signalName) => end(code, signalName))
    child.once('error', (error) => end(null, null, error))
  })

  const silent = (): void => kill(new EngineProblem(503, 'unresponsive', 'The engine stopped responding.'))
  let silence: NodeJS.Timeout | undefined
  const readied = new Promise<ChildReady>((resolve) => {
    child.on('message', (message: FromChild) => {
      if (message.type === 'failed') {
        const status = message.code === 'out_of_memory' ? 503 : 422
        killedFor ??= new EngineProblem(status, message.code, redact(message.detail))
        return
      }
      rssBytes = message.rssBytes
      if (rssBytes > limits.memoryBytes) kill(memoryLimit(rssBytes, limits.memoryBytes))
      clearTimeout(silence)
      silence = setTimeout(silent, limits.silenceMs)
      if (message.type === 'ready') {
        ready = message
        resolve(message)
      }
    })
  })

  const timer = setTimeout(() => kill(loadTimeout(limits.loadTimeoutMs)), limits.loadTimeoutMs)
  const abort = (): void => kill(unloaded())
  signal.addEventListener('abort', abort, { once: true })
  child.send({ type: 'start', spec } satisfies ToChild, () => undefined)
  const first = await Promise.race([readied, ended])
  clearTimeout(timer)
  signal.removeEventListener('abort', abort)
  if (first === undefined || first instanceof EngineProblem) throw first ?? crashed(false, null, null, '')
  return {
    pid: child.pid ?? 0,
    ready: first,
    rssBytes: () => rssBytes,
    ended,
    stop: async () => {
      kill('stop')
      // A process stuck in the kernel must not hold up a shutdown.
      await Promise.race([ended, sleep(5_000, undefined, { ref: false })])
    },
  }
}

function crashed(served: boolean, code: number | null, signalName: string | null, words: string): EngineProblem {
  const how = signalName === null ? `exit code ${code ?? 'unknown'}` : signalName
  const tail = words === '' ? '' : ` Its last words: ${redact(words)}`
  const when = served ? 'while it served' : 'while it loaded the model'
  return new EngineProblem(served ? 502 : 422, 'engine_crashed', `The engine ended with ${how} ${when}.${tail}`)
}

const unloaded = (): EngineProblem =>
  new EngineProblem(409, 'unloaded', 'The engine was unloaded while it was loading.')

const memoryLimit = (rss: number, limit: number): EngineProblem =>
  new EngineProblem(503, 'memory_limit', `The engine used ${rss} bytes of memory; its limit is ${limit}.`)

const loadTimeout = (ms: number): EngineProblem =>
  new EngineProblem(503, 'timeout', `The model did not load within ${Math.round(ms / 1000)} s.`)

/** What a process said last on a stream, bounded: the line that names the cause, without the paths of this machine. */
function keepTail(stream: NodeJS.ReadableStream | null, limit: number): () => string {
  let tail = ''
  stream?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-limit)
  })
  return () => {
    const lines = tail.split('\n').filter((line) => line.trim() !== '')
    const cause = causes.map((word) => lines.find((line) => line.includes(word))).find((line) => line !== undefined)
    return (cause ?? lines.at(-1) ?? '')
      .trim()
      .replaceAll(/(?:file:\/\/)?(?:\/[\w.@+-]+)+\//g, '')
      .slice(0, 300)
  }
}

/** What llama.cpp, C++ and V8 write before they end a process, the most telling first. */
const causes = ['GGML_ASSERT', 'FATAL ERROR', 'what():', 'GGML_ABORT', 'error']

/** Resident bytes of a process; undefined where the system does not tell. */
async function residentBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}
