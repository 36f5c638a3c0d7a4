import { listDeployments, listRequests, listRoutes, listUsage } from '../../modules/serving/index.ts'
import type { Handlers } from '../call.ts'
import type { HandlerDeps } from './deps.ts'

type Ids = 'listDeployments' | 'listRoutes' | 'listUsage' | 'listRequests' | 'getVersionInfo'

export function servingHandlers({ lifecycle, info }: HandlerDeps): Pick<Handlers, Ids> {
  const { db } = lifecycle.database
  return {
    listDeployments: ({ query }) => listDeployments(lifecycle, db, query),
    listRoutes: ({ query }) => listRoutes(db, query),
    listUsage: ({ query }) => listUsage(db, query),
    listRequests: ({ query }) => listRequests(db, query),
    getVersionInfo: () => Promise.resolve(info),
  }
}
