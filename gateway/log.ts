import { destination, type Logger, pino } from 'pino'

export type Log = Logger

/** JSON lines on stderr, written at once: the last words before an exit must not be lost. */
export function createLog(): Log {
  return pino(
    { base: { program: 'gateway' }, timestamp: pino.stdTimeFunctions.isoTime },
    destination({ dest: 2, sync: true }),
  )
}
