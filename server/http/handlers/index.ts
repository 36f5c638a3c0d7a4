import type { Handlers } from '../call.ts'
import { accessHandlers } from './access.ts'
import type { HandlerDeps } from './deps.ts'
import { distributionHandlers } from './distribution.ts'
import { governanceHandlers } from './governance.ts'
import { licenseHandlers } from './license.ts'
import { modelHandlers } from './models.ts'
import { providerHandlers } from './providers.ts'
import { servingHandlers } from './serving.ts'
import { uploadHandlers } from './uploads.ts'
import { verificationHandlers } from './verification.ts'
import { workHandlers } from './work.ts'

export type { HandlerDeps } from './deps.ts'

/** Every operation of the contract, bound to its modules. */
export function createHandlers(deps: HandlerDeps): Handlers {
  return {
    ...modelHandlers(deps),
    ...workHandlers(deps),
    ...uploadHandlers(deps),
    ...distributionHandlers(deps),
    ...governanceHandlers(deps),
    ...accessHandlers(deps),
    ...servingHandlers(deps),
    ...providerHandlers(deps),
    ...verificationHandlers(deps),
    ...licenseHandlers(deps),
  }
}
