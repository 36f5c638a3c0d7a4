import type { VersionInfo } from '../../../contract/index.ts'
import type { Sessions } from '../../modules/identity/index.ts'
import type { LifecycleJobDeps, StartDeps } from '../../modules/lifecycle/index.ts'

/** What handlers pass on to the modules. */
export type HandlerDeps = {
  lifecycle: StartDeps & LifecycleJobDeps
  sessions: Sessions
  info: VersionInfo
}
