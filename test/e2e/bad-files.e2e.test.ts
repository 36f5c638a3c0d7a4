import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { type HubApiError, unwrap } from '../../sdk/index.ts'
import { brokenFiles } from './support/broken-files.ts'
import { runCli } from './support/cli.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { writeFolder } from './support/model-files.ts'
import { addModel, endOfJob, figure, readVersion } from './support/work.ts'

type Check = { id: string; blocks: boolean; title: string; message: string; fact: string; remedy: string | null }

describeHub('files that must not reach an application', () => {
  const hubs = useHubs()
  let hub: Hub
  beforeAll(async () => {
    hub = await hubs.start()
  }, 120_000)

  it.each(brokenFiles())(
    '$name needs attention and is refused in the same words by API and command line',
    async (broken) => {
      const folder = writeFolder(join(hub.place.models, broken.name), {
        [broken.file]: broken.bytes,
        'README.md': '# A broken model\n',
      })
      const { versionId, jobId } = await addModel(hub, `bad/${broken.name}`, folder, { publish: true })
      expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
      const version = await readVersion(hub, versionId)
      expect(version.state).toBe('needs_attention')
      expect(version.stateReason?.message).not.toBe('')
      expect(version.stateReason?.remedy).toMatch(/\w/)

      const scan = await unwrap(hub.api.GET('/versions/{id}/scan', { params: { path: { id: versionId } } }))
      const { rule } = broken
      if (rule !== null) {
        const finding = scan.findings.find((one) => rule.test(one.ruleId) && one.path === broken.file)
        expect(finding, JSON.stringify(scan.findings.map(({ ruleId }) => ruleId))).toBeDefined()
        expect(finding?.remedy).toMatch(/\w/)
        if (broken.offset) expect(finding?.offset).toEqual(expect.any(Number))
        expect(['high', 'critical']).toContain(finding?.severity)
        expect(version.stateReason?.message).toContain(finding?.path)
        figure(`${broken.name}: ${finding?.ruleId} in ${finding?.path} at byte ${finding?.offset}`)
      }
      if (broken.engine !== undefined) {
        expect(version.stateReason?.code).toBe(broken.engine)
        figure(`${broken.name}: ${version.stateReason?.message}`)
      }

      const refusal = await unwrap(
        hub.api.POST('/versions/{id}/publish', { params: { path: { id: versionId } }, body: {} }),
      ).then(
        () => undefined,
        (error: HubApiError) => error,
      )
      expect(refusal).toMatchObject({ status: 409, problem: { code: 'publish_refused' } })
      const checks = (refusal?.problem?.details?.['checks'] ?? []) as Check[]
      expect(checks.length).toBeGreaterThan(0)
      const cli = await runCli(hub, ['publish', `bad/${broken.name}@1`])
      expect(cli.code).toBe(1)
      // The sentence of the refusal opens the output; the rest of it are the checks, which the command line lays out.
      const detail = refusal?.problem?.detail ?? ''
      const [opening = ''] = detail.split(checks[0]?.title ?? '', 1)
      expect(opening).toContain('cannot be published')
      expect(cli.text).toContain(opening.trim())
      for (const check of checks) {
        expect(detail).toContain(check.message)
        expect(cli.text).toContain(`${check.title} — ${check.message}`)
        expect(cli.text).toContain(check.fact)
        if (check.remedy !== null) expect(cli.text).toContain(check.remedy)
      }
      const shown = await runCli(hub, ['show', `bad/${broken.name}@1`, '--readiness'])
      for (const check of checks) expect(shown.text).toContain(check.message)

      expect((await fetch(`${hub.url}/readyz`)).status).toBe(200)
      expect((await readVersion(hub, versionId)).state).toBe('needs_attention')
    },
    90_000,
  )

  it('has the same four programs running as before', async () => {
    const parts = hub.processes().map(({ part }) => part)
    expect(parts.filter((part) => part !== 'other').sort()).toEqual(['control', 'engine', 'gateway', 'hub'])
    expect(hub.output()).not.toContain('Model Hub is starting …\nModel Hub is starting …')
    await hub.stop()
  }, 30_000)
})
