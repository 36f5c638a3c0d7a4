import { describe, expect, test } from 'vitest'
import type { CreateApproval } from '../../../contract/index.ts'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../test/support/index.ts'
import { getVersion, patchVersion } from '../catalog/index.ts'
import { listAudit } from '../governance/index.ts'
import { approve } from './approve.ts'
import { gatherFacts } from './gather-facts.ts'
import { readinessOf } from './show/readiness.ts'

const dayMs = 86_400_000

describeEachDatabase(
  'approve',
  (getDb) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    type Spec = Omit<Parameters<typeof addVersion>[1], 'name'>
    const add = (spec: Spec) => addVersion(hub(), { name: uniqueName('approve'), state: 'needs_attention', ...spec })
    const inDays = (days: number) => new Date(hub().clock.now() + days * dayMs).toISOString()
    const run = (version: string, extra: Partial<CreateApproval> = {}) =>
      approve(hub() as never, person('Ada'), {
        version,
        subject: 'findings',
        decision: 'approved',
        reason: 'known publisher',
        expiresAt: inDays(30),
        ...extra,
      })
    const high = {
      findings: [{ severity: 'high', rule: 'RULE-1' }, { severity: 'high', rule: 'RULE-2' }, { severity: 'low' }],
    } satisfies Spec['scan']

    test('of every high finding makes the version verified, in one event that names them', async () => {
      const version = await add({ scan: high })
      const approval = await run(version.id)
      expect(approval).toMatchObject({
        state: 'approved',
        digest: version.digest,
        findings: ['RULE-1 model.gguf', 'RULE-2 model.gguf'],
        expiresAt: inDays(30),
      })
      expect(await getVersion(db(), version.id)).toMatchObject({ state: 'verified', state_reason: null })
      expect((await listAudit(db(), { object: version.id, limit: 9 })).items).toMatchObject([
        {
          action: 'version.approve_findings',
          reason: 'known publisher',
          before: { state: 'needs_attention' },
          after: { state: 'verified' },
          evidence: { approvalId: approval.id, findings: approval.findings },
        },
      ])
    })

    test('lapses: the findings stand open again and the gate closes', async () => {
      const version = await add({ scan: high })
      await run(version.id, { expiresAt: inDays(1) })
      const publishable = async () => (await readinessOf(hub(), version.id, person())).publishable
      expect(await publishable()).toBe(true)
      hub().clock.advance(dayMs)
      expect(await publishable()).toBe(false)
    })

    test('does not cover other bytes', async () => {
      const version = await add({ scan: high })
      await run(version.id)
      await getDb().transaction((trx) => patchVersion(trx, version.id, { digest: 'other' }, hub().clock.date()))
      const { facts } = await gatherFacts(hub(), db(), await getVersion(db(), version.id))
      expect(facts.scan).toMatchObject({ high: 2, openHigh: 2 })
    })

    test('needs an end date within a year', async () => {
      const { id } = await add({ scan: high })
      const { expiresAt: _none, ...without } = {
        version: id,
        subject: 'findings',
        decision: 'approved',
        reason: 'x',
        expiresAt: '',
      } as const
      expect((await hubErrorOf(approve(hub() as never, person(), without))).code).toBe('expiry_missing')
      for (const days of [0, -1, 366]) {
        expect((await hubErrorOf(run(id, { expiresAt: inDays(days) }))).code).toBe('expiry_out_of_range')
      }
      expect((await getVersion(db(), id)).state).toBe('needs_attention')
    })

    test('is refused where a critical finding stands, whatever else there is', async () => {
      const { id } = await add({ scan: { findings: [{ severity: 'high' }, { severity: 'critical' }] } })
      expect(await hubErrorOf(run(id))).toMatchObject({ kind: 'conflict', code: 'critical_needs_two' })
      expect((await listAudit(db(), { object: id, limit: 9 })).items).toEqual([])
    })

    test.each<[string, Spec]>([
      ['what nobody could read', { scan: { incompleteFile: 'model.gguf' } }],
      ['a medium finding', { scan: { findings: [{ severity: 'medium' }] } }],
      ['nothing at all', {}],
      ['a version without a scan', { scan: null }],
    ])('of %s is refused', async (_what, spec) => {
      const { id } = await add(spec)
      expect((await hubErrorOf(run(id))).code).toBe('nothing_to_approve')
    })

    test.each<[string, Spec]>([
      ['something unread', { scan: { ...high, incompleteFile: 'model.gguf' } }],
      [
        'weights that broke the engine',
        { scan: high, patch: { engine_reason: { code: 'nan_logits', message: 'NaN.' } } },
      ],
      ['no sealed manifest', { scan: high, patch: { digest: null } }],
    ])('of high findings is recorded, but beside %s the version still needs attention', async (_what, spec) => {
      const { id } = await add(spec)
      await run(id)
      expect((await getVersion(db(), id)).state).toBe('needs_attention')
      expect((await listAudit(db(), { object: id, limit: 9 })).items).toMatchObject([{ action: 'approval.approved' }])
    })

    test('a rejection is recorded and moves nothing', async () => {
      const { id } = await add({ scan: high })
      await run(id, { decision: 'rejected' })
      expect((await getVersion(db(), id)).state).toBe('needs_attention')
      expect((await listAudit(db(), { object: id, limit: 9 })).items).toMatchObject([{ action: 'approval.rejected' }])
      const { facts } = await gatherFacts(hub(), db(), await getVersion(db(), id))
      expect(facts.scan.openHigh).toBe(2)
    })

    describe('of publishing', () => {
      const publishing = (version: string) =>
        approve(hub() as never, person(), { version, subject: 'publish', decision: 'approved', reason: 'fine' })

      test.each(['verified', 'evaluated'] as const)('is recorded as a fact while %s, without an end', async (state) => {
        const { id } = await add({ state })
        expect(await publishing(id)).toMatchObject({ subject: 'publish', expiresAt: null, findings: [] })
        const { facts } = await gatherFacts(hub(), db(), await getVersion(db(), id))
        expect(facts.approval.publish).toBe(true)
      })

      test.each(['draft', 'ingesting', 'needs_attention', 'published', 'archived'] as const)(
        'is refused while %s',
        async (state) => {
          const { id } = await add({ state })
          expect((await hubErrorOf(publishing(id))).code).toBe('not_ready_to_approve')
        },
      )

      test('does not pass a finding', async () => {
        const { id } = await add({ state: 'verified', scan: high })
        await publishing(id)
        const { facts } = await gatherFacts(hub(), db(), await getVersion(db(), id))
        expect(facts.scan.openHigh).toBe(2)
      })
    })
  },
  { shared: true },
)
