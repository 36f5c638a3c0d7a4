import { expect, test } from 'vitest'
import { addVersion, describeEachDatabase, person, setUpHub, uniqueName } from '../../../test/support/index.ts'
import { listApprovals } from './list-approvals.ts'
import { type RecordApprovalInput, recordApproval } from './record-approval.ts'
import { approvalsInForce } from './store.ts'

describeEachDatabase(
  'approvals',
  (getDb) => {
    const hub = setUpHub(getDb)
    const version = () => addVersion(hub(), { name: uniqueName('approved') })
    const record = (versionId: string, extra: Partial<RecordApprovalInput> = {}) =>
      getDb().transaction((trx) =>
        recordApproval(hub(), trx, {
          actor: person(),
          versionId,
          projectId: hub().project.id,
          subject: 'findings',
          decision: 'approved',
          reason: 'reviewed by hand',
          digest: 'd1',
          findings: ['RULE-1 a.gguf'],
          expiresAt: null,
          ...extra,
        }),
      )
    const inForce = async (versionId: string, digest: string | null = 'd1') =>
      (await approvalsInForce(getDb().db, versionId, digest, hub().clock.date())).map(({ id }) => id)

    test('counts until the instant it ends, and not at it', async () => {
      const { id } = await version()
      const approval = await record(id, { expiresAt: new Date(hub().clock.now() + 1_000) })
      expect(approval).toMatchObject({
        state: 'approved',
        requestedBy: 'Ada',
        decidedBy: 'Ada',
        reason: 'reviewed by hand',
      })
      hub().clock.advance(999)
      expect(await inForce(id)).toEqual([approval.id])
      hub().clock.advance(1)
      expect(await inForce(id)).toEqual([])
    })

    test('is about one digest: other bytes need another decision', async () => {
      const { id } = await version()
      await record(id)
      expect(await inForce(id, 'd1')).toHaveLength(1)
      expect(await inForce(id, 'd2')).toEqual([])
      expect(await inForce(id, null)).toEqual([])
    })

    test('a rejection is a record and no permission', async () => {
      const { id } = await version()
      await record(id, { decision: 'rejected' })
      expect(await inForce(id)).toEqual([])
      expect((await listApprovals(getDb().db, { versionId: id, limit: 9 })).items).toMatchObject([
        { state: 'rejected' },
      ])
    })

    test('of one version says nothing of another', async () => {
      const [one, other] = [await version(), await version()]
      await record(one.id)
      expect(await inForce(other.id)).toEqual([])
    })

    test('decisions of one instant are all listed once, page by page', async () => {
      const { id } = await version()
      const made: string[] = []
      for (let i = 0; i < 7; i++) made.unshift((await record(id)).id)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await listApprovals(getDb().db, {
          versionId: id,
          limit: 3,
          ...(cursor === undefined ? {} : { cursor }),
        })
        seen.push(...page.items.map((approval) => approval.id))
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(seen).toEqual(made)
    })
  },
  { shared: true },
)
