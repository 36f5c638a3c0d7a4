import { HubError, messageOf } from '../kernel/index.ts'
import { readChildSecrets } from './child-secrets.ts'
import { startControlPlane } from './control-plane.ts'
import { readConfig } from './platform/config.ts'
import { isDatabaseAway } from './platform/db/index.ts'
import { createLog } from './platform/log.ts'
import { assertSameFolder } from './platform/place/index.ts'
import { loadSecretKey } from './platform/secret-key.ts'
import { watchParent } from './platform/watch-parent.ts'

/** The control plane as a process of its own, started by the supervisor. */
const config = readConfig()
const log = createLog({ level: config.logLevel, name: 'control' })
const secrets = readChildSecrets()
const stopLimitMs = 8_500

// A stop during the start waits for its end, so that nothing is left half open; a service manager may signal every process of the hub,
// so that the supervisor's signal is the second one.
const told = Promise.withResolvers<string>()
const stopped = new AbortController()
process.on('SIGTERM', told.resolve)
process.on('SIGINT', told.resolve)
void told.promise.then((reason) => {
  log.info({ reason }, 'stopping')
  stopped.abort()
  // Whatever hangs, the process ends: a stuck stop must not keep the data folder locked.
  setTimeout(() => {
    log.error(
      `not stopped after ${stopLimitMs / 1_000} s; ending all the same, the next start goes on from the journal`,
    )
    process.exit(1)
  }, stopLimitMs).unref()
})
// A killed supervisor is a crash: everything durable is in the database, and the next hub waits for this folder and this port.
watchParent(() => process.exit(1))

try {
  // Before anything is opened: opening makes what is missing.
  assertSameFolder(config.dataFolder, secrets.folder.identity, secrets.folder.made && config.databaseUrl === undefined)
  const control = await startControlPlane({
    config,
    log,
    secretKey: await loadSecretKey(config.dataFolder, config.secretKey),
    joinToken: secrets.joinToken,
    engine: config.role === 'api' ? null : secrets.engine,
    onWaiting: ({ code, message, remedy }) => {
      process.send?.({ type: 'waiting', code, text: [message, remedy].filter(Boolean).join(' ') })
    },
    signal: stopped.signal,
    onFatal: (error) => {
      log.fatal({ err: error }, 'the database has died; starting again')
      process.exit(1)
    },
  })
  void told.promise
    .then(() => control.close())
    .then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly')
        process.exit(1)
      },
    )
  process.send?.({ type: 'ready', port: control.port, announcement: control.announcement })
} catch (error) {
  // Told to stop while it waited for the database: nothing is open yet.
  if (stopped.signal.aborted) process.exit(0)
  if (isDatabaseAway(error)) {
    // Lost again while it started: the next start waits for it.
    log.warn({ err: error }, 'the database went away during the start')
    process.exitCode = 1
  } else if (error instanceof HubError) {
    // A HubError at start is for the operator: the supervisor shows it and does not start again.
    process.send?.({ type: 'refused', code: error.code, message: error.message, remedy: error.remedy ?? null })
    process.exitCode = 78
  } else {
    log.fatal({ err: error }, messageOf(error))
    process.exitCode = 1
  }
  setTimeout(() => process.exit(), 500).unref()
}
