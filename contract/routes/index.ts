import { accessRoutes } from './access.ts'
import { governanceRoutes } from './governance.ts'
import { modelRoutes } from './models.ts'
import { servingRoutes } from './serving.ts'
import { workRoutes } from './work.ts'

/** Every operation of the control API, by its operation id. */
export const routes = {
  ...modelRoutes,
  ...workRoutes,
  ...governanceRoutes,
  ...accessRoutes,
  ...servingRoutes,
} as const
export type RouteId = keyof typeof routes
