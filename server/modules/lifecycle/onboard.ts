import type { CreateModel, Source } from '../../../contract/index.ts'
import { conflict, invalid } from '../../../kernel/index.ts'
import type { Job } from '../../jobs/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { getVersion, type NamedVersionRow, patchVersion, registerVersion } from '../catalog/index.ts'
import { resolveProject } from '../projects/index.ts'
import { assertHostedSource, holdCredential } from '../providers/index.ts'
import { type Resolved, sourceKinds } from '../sources/index.ts'
import type { StartDeps } from './deps.ts'
import { keepSource } from './files/source-of.ts'
import { transitionRefused } from './move-version.ts'
import { type BroughtSignature, keepBroughtSignature } from './provenance/keep-brought-signature.ts'
import { uploadOf } from './steps/take-uploaded.ts'
import { mayMove } from './transitions.ts'

export type Onboarded = { modelId: string; versionId: string; job: Job | null }

/** Registers a draft from a source and, unless told not to, starts its onboarding in the same transaction. */
export async function onboard(
  deps: StartDeps,
  actor: Actor,
  input: CreateModel,
  extra: {
    ownerId: string | null
    starter?: boolean
    /** What a person recognizes the source by, where it is not what the source itself says. */
    address?: string
    /** What else the audit trail tells of the registration. */
    evidence?: Record<string, unknown>
    /** A signature that came with the files, beside them. */
    signature?: BroughtSignature
  },
): Promise<Onboarded> {
  const kind = sourceKinds.get(input.source.type)
  const resolved = await resolveSource(deps, input.source)
  await assertOwnUpload(deps, input)
  const onboarding = input.onboarding ?? { benchmark: false, evaluate: false, publish: false }
  return deps.database.transaction(async (trx) => {
    const project = await resolveProject(trx, input.project)
    if (input.source.type === 'cloud' && input.source.credential !== undefined) {
      await holdCredential(trx, input.source.credential)
    }
    const registered = await registerVersion(deps, trx, {
      actor,
      name: input.name,
      projectId: project.id,
      ownerId: extra.ownerId,
      source: resolved.source,
      sourceAddress: extra.address ?? kind.address(resolved.source),
      modality: input.modality,
      hardware: input.hardware,
      description: input.description,
      tags: input.tags,
      onboarding,
      starter: extra.starter ?? false,
    })
    const version = await getVersion(trx, registered.versionId)
    if (kind.reads === 'remote') await keepSource(deps.sources, trx, version, resolved, deps.clock.date())
    const job = input.start ? await enqueueOnboarding(deps, trx, actor, version) : null
    const brought = extra.signature
    const kept = brought === undefined ? {} : { signature: await keepBroughtSignature(deps, trx, version, brought) }
    const evidence = { ...extra.evidence, ...kept, ...(job === null ? {} : { jobId: job.id }) }
    await deps.audit(trx, {
      actor,
      action: 'version.register',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: project.id,
      after: {
        state: 'draft',
        source: resolved.source,
        newModel: registered.newModel,
        onboarding,
        ...(input.hardware === undefined ? {} : { hardware: input.hardware }),
      },
      ...(Object.keys(evidence).length === 0 ? {} : { evidence }),
    })
    return { modelId: registered.modelId, versionId: registered.versionId, job }
  })
}

/** Starts a draft or tries again what needs attention. Throws `conflict` in any other state or while a job runs. */
export async function retry(deps: StartDeps, actor: Actor, reference: string): Promise<Job> {
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    if (!mayMove(version.state, 'ingesting')) throw transitionRefused(version.state, 'ingesting')
    return enqueueOnboarding(deps, trx, actor, version)
  })
}

/**
 * Refuses a source that cannot be read at all before anything is registered, and pins one that may change; the files are looked at by
 * the job.
 */
async function resolveSource(deps: StartDeps, source: CreateModel['source']): Promise<Resolved> {
  const kind = sourceKinds.get(source.type)
  if (source.type === 'cloud') await assertHostedSource(deps.database.db, source)
  if (kind.reads === 'hosted') return { source, secret: null, pin: {} }
  if (kind.reads === 'remote') return await kind.resolve(source, null, deps.sources)
  for await (const _first of kind.list(source, deps.sources, () => undefined)) break
  const uploaded = uploadOf(source) !== null
  return { source: uploaded ? ({ ...source, mode: 'copy' } as Source) : source, secret: null, pin: {} }
}

/** What was uploaded into one project does not become the model of another. */
async function assertOwnUpload(deps: StartDeps, { source, project }: CreateModel): Promise<void> {
  const id = uploadOf(source)
  if (id === null) return
  const upload = await deps.sources.upload?.(id)
  if (upload?.projectId === (await resolveProject(deps.database.db, project)).id) return
  throw invalid('upload_elsewhere', 'The upload belongs to another project.', 'Name that project, or upload it again.')
}

export async function enqueueOnboarding(
  deps: StartDeps,
  trx: Trx,
  actor: Actor,
  version: NamedVersionRow,
): Promise<Job> {
  const kind = sourceKinds.get(version.source.type).reads === 'hosted' ? 'link' : 'onboard'
  return enqueueFor(deps, trx, actor, version, kind, { onboarding: version.onboarding })
}

/** A job on a version; at most one ingest or rescan of a version runs at a time. */
export async function enqueueFor(
  deps: StartDeps,
  trx: Trx,
  actor: Actor,
  version: NamedVersionRow,
  kind: 'onboard' | 'link' | 'rescan' | 'reverify' | 'benchmark' | 'evaluation',
  input: Record<string, unknown>,
): Promise<Job> {
  const exclusive = kind === 'onboard' || kind === 'link' || kind === 'rescan'
  if (exclusive && version.active_job_id !== null) throw busy(version)
  const job = await deps.jobs.enqueue(trx, {
    kind,
    input: { versionId: version.id, ...input },
    subject: version.id,
    projectId: version.project_id,
    actor: { type: actor.type, id: actor.id, name: actor.name },
  })
  if (exclusive) await patchVersion(trx, version.id, { active_job_id: job.id }, deps.clock.date())
  return job
}

function busy(version: NamedVersionRow) {
  return conflict(
    'job_running',
    `A job already works on ${version.model_name}@${version.number}.`,
    'Wait for it, or cancel it.',
    { details: { jobId: version.active_job_id } },
  )
}
