import type { VersionInfo } from '../../../contract/index.ts'
import type { Imports } from '../../modules/distribution/index.ts'
import type { VerifyDeps } from '../../modules/governance/index.ts'
import type { CallerCache, Sessions } from '../../modules/identity/index.ts'
import type { LifecycleJobDeps, StartDeps } from '../../modules/lifecycle/index.ts'
import type { ProviderDeps } from '../../modules/providers/index.ts'
import type { Uploads } from '../../modules/sources/index.ts'
import type { ReserveRoom } from '../../platform/place/index.ts'
import type { SigningKey } from '../../platform/signing-key.ts'

/** For bundles of versions, out and in. */
export type BundleDeps = {
  signingKey: SigningKey
  hubVersion: string
  /** Fingerprints of other hubs' keys that the operator trusts. */
  trustedKeys: readonly string[]
  imports: Imports
  importsFolder: string
  reserveRoom: ReserveRoom
}

/** What handlers pass on to the modules. */
export type HandlerDeps = {
  lifecycle: StartDeps & LifecycleJobDeps
  providers: ProviderDeps
  bundles: BundleDeps
  uploads: Uploads
  sessions: Sessions
  callers: CallerCache
  auditTrail: Pick<VerifyDeps, 'seal' | 'anchor'>
  /** Resolves when connected gateways have been told what was committed before. */
  gatewaysTold: () => Promise<void>
  info: VersionInfo
}
