import { writeSync } from 'node:fs'
import { type Logger, pino } from 'pino'
import { createLineWriter, redact } from '../kernel/index.ts'

export type Log = Logger

/**
 * JSON lines on stderr, written at once: the last words before an exit must not be lost. A full disk under the log costs lines, which
 * are counted, and never the traffic.
 */
export function createLog(level = 'info'): Log {
  const missing = (lines: number) =>
    `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), name: 'gateway', msg: `${lines} log lines before this one could not be written` })}\n`
  return pino(
    {
      level,
      base: { name: 'gateway' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Each whole line passes: credentials of providers are in this process's hands.
      hooks: { streamWrite: (line: string) => redact(line) },
    },
    createLineWriter((bytes) => writeSync(2, bytes), missing),
  )
}
