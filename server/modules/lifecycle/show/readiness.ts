import type { Permission, Readiness, ReadinessCheck } from '../../../../contract/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import { checkGate } from '../../governance/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { gatherFacts } from '../gather-facts.ts'
import { hostedFacts } from '../hosted/facts.ts'
import { cloudSourceOf } from '../hosted/source.ts'
import { mayMove } from '../transitions.ts'

/** What stands between a version and publishing, and what the caller may do now. */
export async function readinessOf(
  deps: Pick<LifecycleDeps, 'clock' | 'database'>,
  reference: string,
  actor: Actor,
): Promise<Readiness> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const checks = checkGate('publish', await gatherFacts(deps, db, version))
  const blocking = checks.filter((check) => check.blocks)
  const passed = checks.filter((check) => check.status === 'pass').length
  const actions = listActions(version, blocking, actor)
  return {
    versionId: version.id,
    publishable: blocking.length === 0,
    summary: summarize(version, blocking),
    passed,
    total: checks.filter((check) => check.status !== 'not_applicable').length,
    checks,
    actions,
    next: nextAction(version),
    notices: (await hostedFacts(db, version)).notices,
  }
}

/** One sentence for the title of the checklist and of a refusal. */
export function summarize(version: Pick<NamedVersionRow, 'state'>, blocking: readonly ReadinessCheck[]): string {
  if (version.state === 'published') return 'Published'
  if (blocking.length === 0) return 'Ready to publish'
  return `${blocking.length} ${blocking.length === 1 ? 'thing' : 'things'} left before publishing`
}

type ActionRule = { action: string; permission: Permission; possible: string | null }

function listActions(
  version: NamedVersionRow,
  blocking: readonly ReadinessCheck[],
  actor: Actor,
): Readiness['actions'] {
  const { state } = version
  const measurable = ['verified', 'evaluated', 'published'].includes(state)
  const hosted = cloudSourceOf(version) !== null
  const scannable = measurable || state === 'needs_attention'
  const rules: ActionRule[] = [
    {
      action: 'retry',
      permission: 'model.write',
      possible: mayMove(state, 'ingesting')
        ? null
        : 'Only a draft or a version that needs attention is ingested again.',
    },
    {
      action: 'rescan',
      permission: 'model.write',
      possible: hosted
        ? 'It is hosted: there are no files here to scan.'
        : scannable
          ? null
          : 'Nothing was scanned yet.',
    },
    {
      action: 'run_benchmark',
      permission: 'evidence.run',
      possible: measurable ? (version.engine_reason?.message ?? null) : 'Only a verified version is measured.',
    },
    {
      action: 'run_evaluation',
      permission: 'evidence.run',
      possible: measurable ? (version.engine_reason?.message ?? null) : 'Only a verified version is measured.',
    },
    {
      action: 'approve',
      permission: 'model.approve',
      possible: ['needs_attention', 'verified', 'evaluated'].includes(state) ? null : 'There is nothing to decide now.',
    },
    {
      action: 'publish',
      permission: 'model.publish',
      possible:
        state === 'published'
          ? 'It is published already.'
          : (blocking[0]?.message ?? (measurable ? null : 'Only a verified version is published.')),
    },
    {
      action: 'unpublish',
      permission: 'model.publish',
      possible: state === 'published' ? null : 'It is not published.',
    },
    {
      action: 'archive',
      permission: 'model.write',
      possible: mayMove(state, 'archived')
        ? null
        : 'A version is archived from needs attention, verified, evaluated or published.',
    },
  ]
  return rules.map(({ action, permission, possible }) => {
    const permitted = actor.permissions.has(permission)
    return {
      action,
      allowed: permitted && possible === null,
      reason: permitted ? possible : `Needs the permission ${permission}.`,
    }
  })
}

function nextAction(version: NamedVersionRow): string | null {
  const next: Record<NamedVersionRow['state'], string | null> = {
    draft: 'retry',
    ingesting: null,
    needs_attention: cloudSourceOf(version) === null ? 'view_findings' : 'retry',
    verified: version.engine_reason === null ? 'run_evaluation' : 'publish',
    evaluated: 'publish',
    published: null,
    archived: null,
  }
  return next[version.state]
}
