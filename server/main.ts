import { HubError, messageOf } from '../kernel/index.ts'
import { readChildSecrets } from './child-secrets.ts'
import { startControlPlane } from './control-plane.ts'
import { readConfig } from './platform/config.ts'
import { createLog } from './platform/log.ts'
import { loadSecretKey } from './platform/secret-key.ts'
import { watchParent } from './platform/watch-parent.ts'

/** The control plane as a process of its own, started by the supervisor. */
const config = readConfig()
const log = createLog({ level: config.logLevel, name: 'control' })
const secrets = readChildSecrets()
const stopLimitMs = 8_000

try {
  const control = await startControlPlane({
    config,
    log,
    secretKey: await loadSecretKey(config.dataFolder, config.secretKey),
    joinToken: secrets.joinToken,
    engine: secrets.engine,
    onFatal: (error) => {
      log.fatal({ err: error }, 'the database has died; starting again')
      process.exit(1)
    },
  })
  let stopping = false
  const stop = (reason: string) => {
    if (stopping) return
    stopping = true
    log.info({ reason }, 'stopping')
    // Whatever hangs, the process ends: a stuck stop must not keep the data folder locked.
    setTimeout(() => process.exit(1), stopLimitMs).unref()
    control.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', () => stop('SIGTERM'))
  process.once('SIGINT', () => stop('SIGINT'))
  // A killed supervisor is a crash: everything durable is in the database, and the next hub waits for this folder and this port.
  watchParent(() => process.exit(1))
  process.send?.({ type: 'ready', port: control.port, announcement: control.announcement })
} catch (error) {
  // A HubError at start is for the operator: the supervisor shows it and does not start again.
  if (error instanceof HubError) {
    process.send?.({ type: 'refused', code: error.code, message: error.message, remedy: error.remedy ?? null })
    process.exitCode = 78
  } else {
    log.fatal({ err: error }, messageOf(error))
    process.exitCode = 1
  }
  setTimeout(() => process.exit(), 500).unref()
}
