import { fixedClock } from '../../kernel/index.ts'
import type { Context } from '../context.ts'
import { dispatch } from '../dispatch.ts'
import { readEnvironment } from '../environment.ts'
import { findHub } from '../hub.ts'
import { jsonText, plain } from '../text/plain.ts'

export const testNow = Date.parse('2026-11-23T12:00:00.000Z')

export type RunOptions = {
  variables?: Record<string, string>
  input?: string
  answers?: string[]
  terminal?: boolean
  folder?: string
  signal?: AbortSignal
}
export type Run = { code: number; out: string; err: string; drawn: string }

/** Runs a command line in this process, against the hub that `variables.MODELHUB_URL` names. */
export async function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const run: Run = { code: -1, out: '', err: '', drawn: '' }
  const environment = readEnvironment({ MODELHUB_DATA: '/nonexistent', ...options.variables })
  const on = options.terminal === true
  const answers = [...(options.answers ?? [])]
  const clock = fixedClock(testNow)
  const signal = options.signal ?? new AbortController().signal
  const ctx: Context = {
    line: (text = '') => {
      run.out += `${plain(text)}\n`
    },
    piece: (text) => {
      run.out += plain(text)
    },
    json: (value) => {
      run.out += `${jsonText(value)}\n`
    },
    note: (text) => {
      run.err += `${plain(text)}\n`
    },
    draw: (text) => {
      run.drawn += text
    },
    terminal: { input: on, output: on, error: on, columns: 100 },
    ask: async () => answers.shift(),
    readInput: async () => options.input ?? '',
    environment,
    folder: options.folder ?? process.cwd(),
    clock,
    sleep: async (ms) => clock.advance(ms),
    signal: () => signal,
    hub: async () => findHub(environment),
    flags: { json: false, progress: true },
  }
  run.code = await dispatch(argv, ctx)
  return run
}
