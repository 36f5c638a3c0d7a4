import { HubError, messageOf } from '../kernel/index.ts'
import { readConfig } from './config.ts'
import { createLog } from './log.ts'
import { startGateway } from './start-gateway.ts'
import { watchParent } from './watch-parent.ts'

// oxlint-disable-next-line node/no-process-env -- the program's one look at its environment; the rest gets an object
const log = createLog(process.env['MODELHUB_LOG_LEVEL'])
// A stop during the start waits for its end; one of every process of the hub comes twice, the second time from the supervisor.
const told = Promise.withResolvers<string>()
process.on('SIGTERM', () => told.resolve('asked to stop'))
process.on('SIGINT', () => told.resolve('interrupted'))
try {
  // oxlint-disable-next-line node/no-process-env -- the program's one look at its environment; the rest gets an object
  const config = readConfig(process.env)
  let connected = false
  const onConnected = () => {
    if (!connected) process.send?.({ type: 'connected' })
    connected = true
  }
  const gateway = await startGateway(config, { log, onConnected })
  const leave = (reason: string, drainMs?: number) => {
    log.info({ reason }, 'gateway closing')
    gateway.close(drainMs).then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ reason: messageOf(error) }, 'gateway did not close in order')
        process.exit(1)
      },
    )
  }
  void told.promise.then((reason) => leave(reason))
  // Without its supervisor nobody would restart or end it; it must not hold the port against the next hub.
  watchParent(() => leave('the parent process died', 0))
  process.send?.({ type: 'ready', port: gateway.port })
} catch (error) {
  const remedy = error instanceof HubError ? error.remedy : undefined
  log.fatal({ reason: messageOf(error), remedy }, 'gateway cannot start')
  // A HubError at start is for the operator: 78 (EX_CONFIG) tells the supervisor that starting again would not help.
  const exit = () => process.exit(error instanceof HubError ? 78 : 1)
  if (process.send === undefined) exit()
  else
    process.send(
      {
        type: 'refused',
        code: error instanceof HubError ? error.code : null,
        message: messageOf(error),
        remedy: remedy ?? null,
      },
      exit,
    )
}
