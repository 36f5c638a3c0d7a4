import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type ChildOptions = {
  name: string
  file: URL
  env: Record<string, string>
  onMessage?: (message: unknown) => void
  /** Called when the child ends with status 78 (EX_CONFIG), with the reason it gave: starting it again would not help. */
  onRefused: (refusal: Refusal) => 'retry' | 'stop'
}

export type Refusal = { code: string | null; text: string }

export type Child = { stop: (limitMs: number) => Promise<void> }

const configStatus = 78
const retryMs = 300
const firstPauseMs = 200
const longestPauseMs = 10_000
/** A child that ran this long has recovered: the next pause is short again. */
const healthyMs = 30_000

/** Keeps one child process running: it is started again after a growing pause, until stopped. */
export function superviseChild(options: ChildOptions): Child {
  let child: ChildProcess | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopping = false
  let pauseMs = firstPauseMs
  let ended: (() => void) | undefined

  const start = () => {
    const startedAt = Date.now()
    const current = fork(fileURLToPath(options.file), {
      env: options.env,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      // A group of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
      detached: true,
    })
    child = current
    let refusal: Refusal = { code: null, text: `The ${options.name} process refused to start.` }
    current.on('message', (message: { type?: unknown; code?: string; message?: unknown; remedy?: unknown }) => {
      if (message.type === 'refused') {
        refusal = { code: message.code ?? null, text: [message.message, message.remedy].filter(Boolean).join(' ') }
      } else options.onMessage?.(message)
    })
    current.once('error', () => undefined)
    current.once('exit', (code) => {
      if (child === current) child = undefined
      ended?.()
      if (stopping) return
      if (code === configStatus) {
        if (options.onRefused(refusal) === 'retry') timer = setTimeout(start, retryMs)
        return
      }
      if (Date.now() - startedAt > healthyMs) pauseMs = firstPauseMs
      timer = setTimeout(start, pauseMs)
      pauseMs = Math.min(pauseMs * 2, longestPauseMs)
    })
  }
  start()

  return {
    stop: async (limitMs) => {
      stopping = true
      clearTimeout(timer)
      const current = child
      if (current === undefined) return
      await new Promise<void>((resolve) => {
        const force = setTimeout(() => current.kill('SIGKILL'), limitMs)
        ended = () => {
          clearTimeout(force)
          resolve()
        }
        current.kill('SIGTERM')
      })
    },
  }
}
