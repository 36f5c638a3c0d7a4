import { writeSync } from 'node:fs'
import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import { createLineWriter, redact } from '../../kernel/index.ts'

export type Log = Logger

/** Names under which a secret would be logged by mistake; their values never are. */
const secretNames = ['password', 'token', 'secret', 'apiKey', 'authorization', 'cookie', 'credential', 'secretKey']

export type LogOptions = {
  /** fatal | error | warn | info | debug | trace | silent; `info` unless told. */
  level?: string
  /** The program's name, on each line. */
  name?: string
  /** Standard output unless told. */
  destination?: DestinationStream
}

/** The hub's logger: one JSON object per line; secrets are taken out of messages, errors and known fields. */
export function createLog(options: LogOptions = {}): Log {
  const settings = {
    level: options.level ?? 'info',
    base: options.name === undefined ? null : { name: options.name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `headers.${name}`]),
      censor: '[redacted]',
    },
    serializers: { err: serializeError, error: serializeError },
    hooks: {
      // The whole line passes once more, so that a secret inside an unexpected field or a URL is caught too.
      streamWrite: (line: string) => redact(line),
    },
  }
  return pino(settings, options.destination ?? standardOutput())
}

/** Written at once; a full disk or a reader that is gone costs lines, which are counted, and never the program. */
function standardOutput(): DestinationStream {
  const missing = (lines: number) =>
    `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg: `${lines} log lines before this one could not be written` })}\n`
  return createLineWriter((bytes) => writeSync(1, bytes), missing)
}

function serializeError(error: unknown): unknown {
  return error instanceof Error ? stdSerializers.err(error) : error
}
