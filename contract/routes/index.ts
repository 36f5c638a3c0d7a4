import { accessRoutes } from './access.ts'
import { distributionRoutes } from './distribution.ts'
import { governanceRoutes } from './governance.ts'
import { licenseRoutes } from './license.ts'
import { modelRoutes } from './models.ts'
import { providerRoutes } from './providers.ts'
import { servingRoutes } from './serving.ts'
import { uploadRoutes } from './uploads.ts'
import { verificationRoutes } from './verification.ts'
import { workRoutes } from './work.ts'

/** Every operation of the control API, by its operation id. */
export const routes = {
  ...modelRoutes,
  ...workRoutes,
  ...uploadRoutes,
  ...distributionRoutes,
  ...governanceRoutes,
  ...accessRoutes,
  ...servingRoutes,
  ...providerRoutes,
  ...verificationRoutes,
  ...licenseRoutes,
} as const
export type RouteId = keyof typeof routes
