import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type ChildOptions = {
  /** As messages call it, such as `control plane`. */
  name: string
  file: URL
  env: Record<string, string>
  onMessage?: (message: unknown) => void
  /**
   * Called when the child ends with status 78 (EX_CONFIG), with the reason it gave: starting it again at once would not
   * help. `retry` starts it soon, `wait` after the same growing pause as a crash.
   */
  onRefused: (refusal: Refusal) => 'retry' | 'wait' | 'stop'
  /** Told in a sentence how the child ended without being asked to, and when it is started again. */
  onEnded?: (text: string) => void
}

export type Refusal = { code: string | null; text: string }

export type Child = {
  /** Asks it to end (SIGTERM) and makes it end after `limitMs`. Resolves with how that went; a repeated call waits for the same end. */
  stop: (limitMs: number) => Promise<'ended' | 'killed'>
}

const configStatus = 78
const retryMs = 300
const firstPauseMs = 200
const longestPauseMs = 10_000
/** A child that ran this long has recovered: the next pause is short again. */
const healthyMs = 30_000

/** Keeps one child process running: it is started again after a growing pause, until stopped. */
export function superviseChild(options: ChildOptions): Child {
  let child: ChildProcess | undefined
  let gone: Promise<void> = Promise.resolve()
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopping: Promise<'ended' | 'killed'> | undefined
  let pauseMs = firstPauseMs

  const start = () => {
    const startedAt = performance.now()
    const end = Promise.withResolvers<void>()
    gone = end.promise
    let refusal: Refusal = { code: null, text: `The ${options.name} refused to start.` }
    let ended = false
    const onEnd = (how: string, code: number | null = null) => {
      if (ended) return
      ended = true
      child = undefined
      end.resolve()
      if (stopping !== undefined) return
      if (code === configStatus) {
        const answer = options.onRefused(refusal)
        if (answer === 'retry') timer = setTimeout(start, retryMs)
        if (answer !== 'wait') return
      }
      const ranMs = performance.now() - startedAt
      if (ranMs > healthyMs) pauseMs = firstPauseMs
      options.onEnded?.(
        `The ${options.name} ${how} after ${seconds(ranMs)} s; it starts again in ${seconds(pauseMs)} s.`,
      )
      timer = setTimeout(start, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    }
    const current = tryFork(options)
    if (current instanceof Error) return onEnd(couldNotStart(current))
    child = current
    current.on('message', (message: { type?: unknown; code?: string; message?: unknown; remedy?: unknown }) => {
      if (message.type === 'refused') {
        refusal = { code: message.code ?? null, text: [message.message, message.remedy].filter(Boolean).join(' ') }
      } else options.onMessage?.(message)
    })
    // A process that could not be started never exits; an error of a running one is followed by its exit.
    current.on('error', (error) => {
      if (current.pid === undefined) onEnd(couldNotStart(error))
    })
    current.once('exit', (code, signal) =>
      onEnd(signal === null ? `ended by itself (status ${code ?? 0})` : `was ended from outside (${signal})`, code),
    )
    return undefined
  }
  start()

  const stop = async (limitMs: number): Promise<'ended' | 'killed'> => {
    clearTimeout(timer)
    let killed = false
    const force = setTimeout(() => {
      killed = true
      child?.kill('SIGKILL')
    }, limitMs)
    child?.kill('SIGTERM')
    await gone
    clearTimeout(force)
    return killed ? 'killed' : 'ended'
  }
  return { stop: (limitMs) => (stopping ??= stop(limitMs)) }
}

/** Without memory or process ids left a start fails at once or in an event; neither may end the supervisor. */
function tryFork(options: ChildOptions): ChildProcess | Error {
  try {
    return fork(fileURLToPath(options.file), {
      env: options.env,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A group of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
      detached: true,
    })
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

const couldNotStart = ({ message }: Error): string => `could not be started (${message})`

const seconds = (ms: number): string => (ms / 1_000).toFixed(1)
