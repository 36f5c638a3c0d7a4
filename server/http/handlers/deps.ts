import type { VersionInfo } from '../../../contract/index.ts'
import type { VerifyDeps } from '../../modules/governance/index.ts'
import type { CallerCache, Sessions } from '../../modules/identity/index.ts'
import type { LifecycleJobDeps, StartDeps } from '../../modules/lifecycle/index.ts'

/** What handlers pass on to the modules. */
export type HandlerDeps = {
  lifecycle: StartDeps & LifecycleJobDeps
  sessions: Sessions
  callers: CallerCache
  auditTrail: Pick<VerifyDeps, 'seal' | 'anchor'>
  /** Resolves when connected gateways have been told what was committed before. */
  gatewaysTold: () => Promise<void>
  info: VersionInfo
}
