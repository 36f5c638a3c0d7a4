import { type components, unwrap } from '../../sdk/index.ts'
import type { Job, ModelVersion } from '../api-types.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { checkLines } from '../text/checks.ts'
import { findingLines, versionOutcome } from '../text/version-summary.ts'

/** Waits for the onboarding of a new version, prints how it ended and answers with the exit code. */
export async function finishAdd(
  ctx: Context,
  hub: Hub,
  created: components['schemas']['ModelCreated'],
  started: Job,
  publish: boolean,
): Promise<number> {
  if (!ctx.flags.json) ctx.note(`${created.version.modelName}@${created.version.number}: ${started.title}`)
  const job = await waitForJob(ctx, hub, started.id)
  const version = await printOutcome(ctx, hub, created.version.id, job)
  if (ctx.flags.json) {
    const model = await unwrap(hub.client.GET('/models/{id}', { params: { path: { id: created.model.id } } }))
    ctx.json({ model, version, job })
  } else if (publish && version.state !== 'published' && version.state !== 'needs_attention') {
    await printWhyNotPublished(ctx, hub, version)
  }
  return onboardingExit(version, job)
}

/** Prints state, verdict, reasons and findings of a version whose job has ended. */
export async function printOutcome(ctx: Context, hub: Hub, id: string, job: Job): Promise<ModelVersion> {
  const params = { params: { path: { id } } }
  const version = await unwrap(hub.client.GET('/versions/{id}', params))
  if (ctx.flags.json) return version
  for (const line of versionOutcome(version)) ctx.line(line)
  if (job.error !== null && job.error.message !== version.stateReason?.message) {
    ctx.line(`  job ${job.state}: ${job.error.message}`)
    if (job.error.remedy !== undefined) ctx.line(`  remedy: ${job.error.remedy}`)
  }
  if (version.verdict !== null && version.verdict !== 'pass') {
    const scan = await unwrap(hub.client.GET('/versions/{id}/scan', params))
    for (const finding of scan.findings) for (const line of findingLines(finding)) ctx.line(`  ${line}`)
  }
  return version
}

/** 0 verified or better, 2 needs attention, 1 when the job failed, was cancelled or left the version behind. */
export function onboardingExit(version: ModelVersion, job: Job): number {
  if (version.state === 'needs_attention') return exitCodes.needsAttention
  if (job.state !== 'succeeded') return exitCodes.refused
  return ['verified', 'evaluated', 'published'].includes(version.state) ? exitCodes.ok : exitCodes.refused
}

async function printWhyNotPublished(ctx: Context, hub: Hub, version: ModelVersion): Promise<void> {
  const readiness = await unwrap(hub.client.GET('/versions/{id}/readiness', { params: { path: { id: version.id } } }))
  ctx.line(`  not published: ${readiness.summary}`)
  for (const check of readiness.checks) {
    if (check.blocks) for (const line of checkLines(check)) ctx.line(`  ${line}`)
  }
}
