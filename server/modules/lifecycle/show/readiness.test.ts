import { expect, test } from 'vitest'
import { type LifecycleState, LifecycleState as States } from '../../../../contract/index.ts'
import { addVersion, describeEachDatabase, person, setUpHub, uniqueName } from '../../../../test/support/index.ts'
import { readinessOf } from './readiness.ts'

/** What a person with every permission may do with a clean version, by state. */
const allowedIn: Record<LifecycleState, string[]> = {
  draft: ['retry'],
  ingesting: [],
  needs_attention: ['approve', 'archive', 'rescan', 'retry'],
  verified: ['approve', 'archive', 'publish', 'rescan', 'run_benchmark', 'run_evaluation'],
  evaluated: ['approve', 'archive', 'publish', 'rescan', 'run_benchmark', 'run_evaluation'],
  published: ['archive', 'rescan', 'run_benchmark', 'run_evaluation', 'unpublish'],
  archived: [],
}

describeEachDatabase(
  'readiness',
  (getDb) => {
    const hub = setUpHub(getDb)
    type Spec = Omit<Parameters<typeof addVersion>[1], 'name'>
    const read = async (spec: Spec, actor = person()) =>
      readinessOf(hub(), (await addVersion(hub(), { name: uniqueName('ready'), ...spec })).id, actor)
    const allowed = ({ actions }: Awaited<ReturnType<typeof read>>) =>
      actions
        .filter((each) => each.allowed)
        .map(({ action }) => action)
        .sort()

    test.each(States.options)('offers what the state %s allows and says why not for the rest', async (state) => {
      const readiness = await read({ state })
      expect(allowed(readiness)).toEqual(allowedIn[state])
      expect(readiness.actions).toHaveLength(8)
      for (const { allowed: may, reason } of readiness.actions) expect(reason === null).toBe(may)
    })

    test('a viewer may do nothing and learns which permission is missing', async () => {
      const readiness = await read({ state: 'verified' }, person('Eve', ['model.read']))
      expect(allowed(readiness)).toEqual([])
      const reasons = Object.fromEntries(readiness.actions.map(({ action, reason }) => [action, reason]))
      expect(reasons).toMatchObject({
        publish: 'Needs the permission model.publish.',
        approve: 'Needs the permission model.approve.',
        run_benchmark: 'Needs the permission evidence.run.',
        archive: 'Needs the permission model.write.',
      })
    })

    test.each([
      ['model.publish', ['publish']],
      ['model.approve', ['approve']],
      ['evidence.run', ['run_benchmark', 'run_evaluation']],
      ['model.write', ['archive', 'rescan']],
    ] as const)('%s alone opens %j', async (permission, actions) => {
      expect(allowed(await read({ state: 'verified' }, person('Eve', [permission])))).toEqual(actions)
    })

    test('what no engine runs is not measured, but published', async () => {
      const engine_reason = { code: 'no_engine', message: 'No engine here runs this format.' }
      const readiness = await read({ state: 'verified', patch: { engine_reason } })
      expect(allowed(readiness)).toEqual(['approve', 'archive', 'publish', 'rescan'])
      expect(readiness.actions.find(({ action }) => action === 'run_benchmark')?.reason).toBe(engine_reason.message)
      expect(readiness.next).toBe('publish')
    })

    test('counts what passed and names what is left', async () => {
      const open = await read({ state: 'verified' })
      expect(open).toMatchObject({ publishable: true, summary: 'Ready to publish', total: 7, next: 'run_evaluation' })
      expect(open.passed).toBe(open.checks.filter((check) => check.status === 'pass').length)
      const blocked = await read({ state: 'needs_attention', scan: { findings: [{ severity: 'high' }] } })
      expect(blocked).toMatchObject({
        publishable: false,
        summary: '2 things left before publishing',
        next: 'view_findings',
      })
      expect(await read({ state: 'published' })).toMatchObject({ summary: 'Published', next: null })
    })
  },
  { shared: true },
)
