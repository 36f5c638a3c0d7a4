/** The data plane. As a program it is `main.ts`; in-process (tests, benches) it is started by `startGateway`. */
export { type GatewayConfig, readConfig } from './config.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { createLog, type Log } from './log.ts'
export { type Gateway, startGateway } from './start-gateway.ts'
