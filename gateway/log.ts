import { destination, type Logger, pino } from 'pino'

export type Log = Logger

/** JSON lines on stderr, written at once: the last words before an exit must not be lost. */
export function createLog(level = 'info'): Log {
  return pino(
    {
      level,
      base: { name: 'gateway' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 2, sync: true }),
  )
}
