import type { ReadinessCheck } from '../../../contract/index.ts'
import { conflict, HubError } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { getVersion, type NamedVersionRow, patchVersion } from '../catalog/index.ts'
import { checkGate } from '../governance/index.ts'
import { providerTitle } from '../providers/index.ts'
import type { LifecycleDeps, Served } from './deps.ts'
import { checkIntact } from './files/check-intact.ts'
import { gatherFacts } from './gather-facts.ts'
import { cloudSourceOf } from './hosted/source.ts'
import { moveVersion } from './move-version.ts'
import { keepSignature, prepareSignature } from './provenance/sign-version.ts'
import { summarize } from './show/readiness.ts'

export type PublishInput = {
  actor: Actor
  reason?: string | undefined
  noEvidenceBecause?: string | undefined
  /** Makes the deployment and the route, in the same transaction. */
  serve: (trx: Trx, version: NamedVersionRow) => Promise<Served | null>
}

/**
 * Publishes a version when every enforcing gate is open. A verified version passes through evaluated, with its evidence or with the
 * recorded reason why there is none. Throws `conflict` `publish_refused` with the failing checks; the denial is audited.
 */
export async function publish(deps: LifecycleDeps, versionId: string, input: PublishInput): Promise<void> {
  const before = await getVersion(deps.database.db, versionId)
  const intact = await checkIntact(deps, before)
  const signature = await prepareSignature(deps, before)
  try {
    await deps.database.transaction(async (trx) => {
      let version = await getVersion(trx, before.id)
      if (version.state === 'published') {
        throw conflict('already_published', `${label(version)} is published already.`, 'Nothing needs to be done.')
      }
      if (version.intact !== intact) {
        await patchVersion(trx, version.id, { intact }, deps.clock.date())
        version = { ...version, intact }
      }
      const { facts, ...rest } = await gatherFacts(deps, trx, version)
      const noEvidenceBecause = input.noEvidenceBecause ?? facts.evidence.noEvidenceBecause
      const checks = checkGate('publish', {
        ...rest,
        facts: { ...facts, evidence: { ...facts.evidence, noEvidenceBecause } },
      })
      const blocking = checks.filter((check) => check.blocks)
      if (blocking.length > 0) throw refusal(version, blocking)
      if (version.state === 'verified') version = await passEvaluated(deps, trx, version, input, facts.evidence)
      const served = await input.serve(trx, version)
      const signed = await keepSignature(trx, signature, version)
      await moveVersion(deps, trx, {
        version,
        to: 'published',
        actor: input.actor,
        action: 'version.publish',
        ...(input.reason === undefined ? {} : { reason: input.reason }),
        evidence: {
          digest: version.digest,
          checks: checks.map(({ id, status, mode, fact }) => ({ id, status, mode, fact })),
          ...signed,
          ...(served === null ? { served: false } : 'because' in served ? { served: false, ...served } : served),
        },
      })
    })
  } catch (error) {
    if (error instanceof HubError && error.code === 'publish_refused')
      await auditDenial(deps, before, input.actor, error)
    throw error
  }
}

async function passEvaluated(
  deps: LifecycleDeps,
  trx: Trx,
  version: NamedVersionRow,
  input: PublishInput,
  evidence: { benchmarks: number; evaluations: number; noEvidenceBecause: string | null },
): Promise<NamedVersionRow> {
  const measured = evidence.benchmarks + evidence.evaluations > 0
  const because = measured ? null : (input.noEvidenceBecause ?? evidence.noEvidenceBecause ?? unmeasured(version))
  if (because !== null) {
    await patchVersion(trx, version.id, { no_evidence_because: because }, deps.clock.date())
  }
  await moveVersion(deps, trx, {
    version,
    to: 'evaluated',
    actor: input.actor,
    action: 'version.evaluated',
    reason: because === null ? 'Evidence was measured here.' : `No evidence, because ${because}.`,
    evidence: { benchmarks: evidence.benchmarks, evaluations: evidence.evaluations },
  })
  return { ...version, state: 'evaluated', no_evidence_because: because }
}

function unmeasured(version: NamedVersionRow): string {
  const source = cloudSourceOf(version)
  return source === null
    ? 'the evidence gate only warns and nothing was measured'
    : `it is hosted by ${providerTitle(source.provider)}, and what a provider hosts is not measured here`
}

function refusal(version: NamedVersionRow, blocking: readonly ReadinessCheck[]): HubError {
  const lines = blocking.map((check) => `${check.title}: ${check.message}`)
  return conflict(
    'publish_refused',
    `${label(version)} cannot be published. ${summarize(version, blocking)}. ${lines.join(' ')}`,
    blocking
      .map((check) => check.remedy)
      .filter(Boolean)
      .join(' '),
    { details: { checks: blocking } },
  )
}

async function auditDenial(
  deps: LifecycleDeps,
  version: NamedVersionRow,
  actor: Actor,
  error: HubError,
): Promise<void> {
  await deps.database.transaction((trx) =>
    deps.audit(trx, {
      actor,
      action: 'version.publish',
      object: { type: 'version', id: version.id, name: label(version) },
      projectId: version.project_id,
      outcome: 'denied',
      reason: error.message,
      evidence: { ...error.details },
    }),
  )
}

const label = (version: Pick<NamedVersionRow, 'model_name' | 'number'>) => `${version.model_name}@${version.number}`
