import { accessRoutes } from './access.ts'
import { distributionRoutes } from './distribution.ts'
import { governanceRoutes } from './governance.ts'
import { modelRoutes } from './models.ts'
import { providerRoutes } from './providers.ts'
import { servingRoutes } from './serving.ts'
import { uploadRoutes } from './uploads.ts'
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
} as const
export type RouteId = keyof typeof routes
