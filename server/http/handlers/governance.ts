import { getVersion } from '../../modules/catalog/index.ts'
import { listApprovals, listAudit, listPolicies, verifyAudit } from '../../modules/governance/index.ts'
import { approve } from '../../modules/lifecycle/index.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'

type Ids = 'listPolicies' | 'listApprovals' | 'createApproval' | 'listAudit' | 'verifyAudit'

export function governanceHandlers({ lifecycle, auditTrail }: HandlerDeps): Pick<Handlers, Ids> {
  const { db } = lifecycle.database
  return {
    listPolicies: () => Promise.resolve(listPolicies()),
    listApprovals: async ({ query }) => {
      const { version, ...page } = withCursor(query)
      return listApprovals(db, {
        ...page,
        ...(version === undefined ? {} : { versionId: (await getVersion(db, version)).id }),
      })
    },
    createApproval: ({ body }, { actor, once }) => once(lifecycle, (deps) => approve(deps, actor, body)),
    listAudit: ({ query }) => {
      const { object, actor, action, ...page } = withCursor(query)
      return listAudit(db, {
        ...page,
        ...(object === undefined ? {} : { object }),
        ...(actor === undefined ? {} : { actor }),
        ...(action === undefined ? {} : { action }),
      })
    },
    verifyAudit: (_input, { signal }) => verifyAudit({ db, ...auditTrail }, signal),
  }
}
