import { invalid } from '../kernel/index.ts'
import { startEngineHost } from './host.ts'
import type { EngineHostConfig } from './types.ts'

// The engine host as a program: settings by environment, ends on SIGTERM or with its parent.

const parentPollMs = 500

function readConfig(): EngineHostConfig {
  // The starter of this process passes settings by environment, because a command line shows in the process list.
  // oxlint-disable-next-line node/no-process-env
  const env = process.env
  const text = (name: string): string => {
    const value = env[name]
    if (value === undefined || value === '') throw invalid('missing_setting', `The engine host needs ${name}.`)
    return value
  }
  const count = (name: string, value: string): number => {
    const result = Number(value)
    if (Number.isSafeInteger(result) && result > 0) return result
    throw invalid('invalid_setting', `${name} must be a positive whole number.`)
  }
  const idle = env['MODELHUB_ENGINE_IDLE_MS']
  return {
    socketPath: text('MODELHUB_ENGINE_SOCKET'),
    secret: text('MODELHUB_ENGINE_SECRET'),
    memoryBytes: count('MODELHUB_ENGINE_MEMORY_BYTES', text('MODELHUB_ENGINE_MEMORY_BYTES')),
    ...(idle === undefined || idle === '' ? {} : { idleMs: count('MODELHUB_ENGINE_IDLE_MS', idle) }),
  }
}

const host = await startEngineHost(readConfig())
process.send?.({ type: 'listening' })

let stopping = false
const stop = (): void => {
  if (stopping) return
  stopping = true
  void host.stop().finally(() => process.exit(0))
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)

// Without its parent nobody could stop this process. Exiting at once also ends the engines, whose channel closes.
const parent = process.ppid
const forked = process.send !== undefined
setInterval(() => {
  // A parent that died during the start has been replaced already; only its closed channel tells.
  if (process.ppid !== parent || (forked && !process.connected)) process.exit(1)
}, parentPollMs)
process.once('disconnect', () => process.exit(1))
