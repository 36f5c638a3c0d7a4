import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { ReadinessCheck } from '../../../contract/index.ts'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../test/support/index.ts'
import { getVersion } from '../catalog/index.ts'
import { updateEvaluation } from '../evaluations/index.ts'
import { listAudit, verifyAudit } from '../governance/index.ts'
import { createEvaluationRow } from './measure/run-evaluation.ts'
import { type PublishInput, publish } from './publish.ts'
import { readinessOf } from './show/readiness.ts'
import { unpublish } from './unpublish.ts'

describeEachDatabase(
  'publish',
  (getDb) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    type Spec = Omit<Parameters<typeof addVersion>[1], 'name'>
    const add = (spec: Spec = {}) => addVersion(hub(), { name: uniqueName('publish'), ...spec })
    const run = (id: string, extra: Partial<PublishInput> = {}) =>
      publish(hub() as never, id, { actor: person(), serve: () => Promise.resolve(null), ...extra })
    const eventsOf = async (id: string) => (await listAudit(db(), { object: id, limit: 50 })).items
    const evaluate = async (id: string) => {
      const evaluationId = await getDb().transaction((trx) =>
        createEvaluationRow(hub(), trx, {
          versionId: id,
          projectId: hub().project.id,
          task: 'sequence-200',
          seed: 1,
          jobId: null,
          createdBy: 'Ada',
        }),
      )
      await updateEvaluation(db(), evaluationId, { state: 'finished', score: 0.75 })
    }

    test('a clean verified version passes through evaluated with the recorded reason why nothing was measured', async () => {
      const { id } = await add()
      await run(id, { reason: 'wanted', serve: () => Promise.resolve({ deploymentId: 'dep_1', route: 'r' }) })
      const version = await getVersion(db(), id)
      expect(version.state).toBe('published')
      expect(version.no_evidence_because).toMatch(/only warns/)
      const [published, evaluated, ...rest] = await eventsOf(id)
      expect(rest).toEqual([])
      expect(evaluated).toMatchObject({
        action: 'version.evaluated',
        before: { state: 'verified' },
        after: { state: 'evaluated' },
        reason: `No evidence, because ${version.no_evidence_because}.`,
      })
      expect(published).toMatchObject({
        action: 'version.publish',
        outcome: 'done',
        reason: 'wanted',
        before: { state: 'evaluated' },
        after: { state: 'published' },
        evidence: { digest: version.digest, deploymentId: 'dep_1', route: 'r' },
      })
      const checks = (published?.evidence?.['checks'] ?? []) as ReadinessCheck[]
      expect(checks.map((check) => check.id)).toContain('scan')
    })

    test('the reason a person gives is the one that is kept', async () => {
      const { id } = await add()
      await run(id, { noEvidenceBecause: 'it was measured elsewhere' })
      expect((await getVersion(db(), id)).no_evidence_because).toBe('it was measured elsewhere')
      const published = (await eventsOf(id))[0]?.evidence?.['checks'] as ReadinessCheck[]
      expect(published.find((check) => check.id === 'evidence')?.status).toBe('pass')
    })

    test('with evidence no excuse is recorded', async () => {
      const { id } = await add()
      await evaluate(id)
      await run(id, { noEvidenceBecause: 'ignored' })
      expect((await getVersion(db(), id)).no_evidence_because).toBeNull()
      expect((await eventsOf(id))[1]).toMatchObject({
        reason: 'Evidence was measured here.',
        evidence: { evaluations: 1 },
      })
    })

    test('an evaluated version is published in one move', async () => {
      const { id } = await add({ state: 'evaluated' })
      await run(id)
      expect((await eventsOf(id)).map((event) => event.action)).toEqual(['version.publish'])
    })

    test('published twice is refused the second time, unpublished and published again works', async () => {
      const { id } = await add()
      await run(id)
      expect(await hubErrorOf(run(id))).toMatchObject({ kind: 'conflict', code: 'already_published' })
      await unpublish(hub(), id, person())
      await run(id)
      expect((await getVersion(db(), id)).state).toBe('published')
    })

    test('of two at once one publishes and one is told', async () => {
      const { id } = await add()
      const outcomes = await Promise.allSettled([run(id), run(id)])
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      expect((await getVersion(db(), id)).state).toBe('published')
      expect((await eventsOf(id)).map((event) => event.action)).toEqual(['version.publish', 'version.evaluated'])
    })

    const refusals: [string, Spec, string, RegExp][] = [
      [
        'a critical finding',
        { scan: { findings: [{ severity: 'critical', rule: 'PICKLE-CALL-001', offset: 7 }] } },
        'scan',
        /PICKLE-CALL-001 in model\.gguf at offset 7: Message 1\. Remedy 1\./,
      ],
      ['an open high finding', { scan: { findings: [{ severity: 'high' }] } }, 'scan', /1 high finding/],
      ['a file nobody could read', { scan: { incompleteFile: 'model.gguf' } }, 'scan', /not examined/],
      ['no scan', { scan: null }, 'scan', /not been scanned/],
      ['a manifest that is not sealed', { patch: { digest: null } }, 'integrity', /not complete/],
    ]
    test.each(refusals)(
      'is refused with %s, in the words of the checklist, and the denial is recorded',
      async (_what, spec, id, words) => {
        const version = await add(spec)
        const error = await hubErrorOf(run(version.id, { actor: person('Mallory') }))
        expect(error).toMatchObject({ kind: 'conflict', code: 'publish_refused' })
        expect(error.message).toMatch(words)
        const checks = error.details?.['checks'] as ReadinessCheck[]
        expect(checks.map((check) => check.id)).toEqual([id])
        expect(error.remedy).toContain(checks[0]?.remedy)
        const readiness = await readinessOf(hub(), version.id, person())
        expect(readiness.publishable).toBe(false)
        expect(readiness.checks.find((check) => check.id === id)?.message).toBe(checks[0]?.message)
        expect((await getVersion(db(), version.id)).state).toBe('verified')
        expect(await eventsOf(version.id)).toMatchObject([
          { action: 'version.publish', outcome: 'denied', actorName: 'Mallory', reason: error.message },
        ])
      },
    )

    test.each(['draft', 'ingesting', 'needs_attention', 'archived'] as const)('is refused from %s', async (state) => {
      const { id } = await add({ state })
      const error = await hubErrorOf(run(id))
      expect(error.code).toBe('publish_refused')
      expect(((error.details?.['checks'] ?? []) as ReadinessCheck[]).map((check) => check.id)).toContain('lifecycle')
      expect((await getVersion(db(), id)).state).toBe(state)
    })

    test('a medium finding, an unknown license and no owner do not stand in the way', async () => {
      const { id } = await add({
        scan: { findings: [{ severity: 'medium' }, { severity: 'low' }] },
        license: { status: 'unknown', tag: null, file: null, label: 'Unknown' },
      })
      await run(id)
      expect((await getVersion(db(), id)).state).toBe('published')
    })

    test('when the deployment cannot be made, nothing was published and nothing recorded', async () => {
      const { id } = await add()
      await expect(run(id, { serve: () => Promise.reject(new Error('no room')) })).rejects.toThrow('no room')
      expect((await getVersion(db(), id)).state).toBe('verified')
      expect((await getVersion(db(), id)).no_evidence_because).toBeNull()
      expect(await eventsOf(id)).toEqual([])
    })

    describe('a file that changed after it was registered', () => {
      test('closes the gate, and opens it again when the file is put back', async () => {
        const version = await add({ state: 'evaluated' })
        const set = (path: string | null) =>
          sql`update version_file set real_path = ${path}, fingerprint = ${JSON.stringify({ dev: '0', ino: '0', size: '0', mtimeNs: '0', ctimeNs: '0' })}::jsonb
            where version_id = ${version.id}`.execute(db())
        await set('/dev/null')
        const error = await hubErrorOf(run(version.id))
        expect(error.message).toContain('no longer matches')
        await set(null)
        await run(version.id)
        expect((await getVersion(db(), version.id)).intact).toBe(true)
      })
    })

    test('what all of this recorded is one whole chain', async () => {
      expect(await verifyAudit({ db: db(), seal: hub().seal, anchor: () => Promise.resolve(null) })).toMatchObject({
        ok: true,
      })
    })
  },
  { shared: true },
)
