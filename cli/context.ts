import { type Clock, systemClock } from '../kernel/index.ts'
import { type Environment, readEnvironment } from './environment.ts'
import type { Hub } from './hub.ts'
import { jsonText, plain } from './text/plain.ts'

/** What a command may touch: everything it needs of the outside comes through here, so that tests can replace it. */
export type Context = {
  /** Writes one line (or an empty one) to standard output, made safe for a terminal. */
  line: (text?: string) => void
  /** Writes a piece of text to standard output without a line end. */
  piece: (text: string) => void
  /** Writes the API's JSON to standard output. */
  json: (value: unknown) => void
  /** Writes one line to standard error. */
  note: (text: string) => void
  /** Writes to standard error as it is: only for the progress line. */
  draw: (text: string) => void
  terminal: { input: boolean; output: boolean; error: boolean; columns: number }
  /** Asks on the terminal; undefined at the end of input. */
  ask: (question: string) => Promise<string | undefined>
  /** Everything on standard input. */
  readInput: () => Promise<string>
  environment: Environment
  folder: string
  clock: Clock
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Aborted by Ctrl-C. Signals are only caught from the first use on: `serve` has its own handling. */
  signal: () => AbortSignal
  /** The hub this command line talks to; found at the first call. */
  hub: () => Promise<Hub>
  /** Set from --json and --no-progress before a command runs. */
  flags: { json: boolean; progress: boolean }
}

/** The context of the real process. */
export function processContext(): Context {
  const environment = readEnvironment()
  let hub: Promise<Hub> | undefined
  let controller: AbortController | undefined
  const context: Context = {
    line: (text = '') => process.stdout.write(`${plain(text)}\n`),
    piece: (text) => process.stdout.write(plain(text)),
    json: (value) => process.stdout.write(`${jsonText(value)}\n`),
    note: (text) => process.stderr.write(`${plain(text)}\n`),
    draw: (text) => process.stderr.write(text),
    terminal: {
      input: process.stdin.isTTY === true,
      output: process.stdout.isTTY === true,
      error: process.stderr.isTTY === true,
      columns: process.stderr.columns ?? 80,
    },
    ask: async (question) => (await import('./ask.ts')).ask(question),
    readInput: async () => {
      const chunks: Buffer[] = []
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
      return Buffer.concat(chunks).toString('utf8')
    },
    environment,
    folder: process.cwd(),
    clock: systemClock,
    sleep: async (ms, signal) =>
      (await import('node:timers/promises')).setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
    signal: () => {
      if (controller === undefined) {
        controller = new AbortController()
        const created = controller
        // The second Ctrl-C ends the process at once: the handlers are gone by then.
        for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => created.abort())
      }
      return controller.signal
    },
    hub: () => (hub ??= import('./hub.ts').then((module) => module.findHub(environment))),
    flags: { json: false, progress: true },
  }
  return context
}
