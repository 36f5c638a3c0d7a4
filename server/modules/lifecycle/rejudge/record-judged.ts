import { channels, type LifecycleState, type StateReason } from '../../../../contract/index.ts'
import { rulesetVersion } from '../../../../scanner/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import {
  clearStale,
  confirmScans,
  type FindingRow,
  insertScans,
  markStale,
  type NewScan,
  newestScans,
} from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { findingKey, findingLine } from '../gather-facts.ts'
import { insertNotices, type NoticeKind, type NoticeRow } from '../notices/notice-store.ts'
import { scanReason } from '../steps/decide.ts'
import type { JudgedAgain } from './judge-again.ts'
import {
  approvedFindings,
  moveToAttention,
  type RejudgeCounts,
  recordVerdicts,
  refreshModels,
} from './rejudge-store.ts'
import type { RejudgeRun } from './rejudge-versions.ts'

type Judged = Extract<JudgedAgain, { result: 'same' | 'changed' }>
type Rose = { one: Judged; reason: StateReason }
type Done = Omit<RejudgeCounts, 'versions'>

const served: readonly LifecycleState[] = ['verified', 'evaluated', 'published']

/**
 * Records what judging again came to: a mark where nothing changed, a new scan with its findings where something did. What stands open
 * on a version that is verified or better takes it out of its state where the scan gate enforces. A version that was scanned or moved
 * meanwhile is left to whoever did. Few statements whatever the number; the audit events come last.
 */
export async function recordJudged(
  deps: LifecycleDeps,
  trx: Trx,
  all: readonly JudgedAgain[],
  run: RejudgeRun,
  saveCursor: (done: Done) => Promise<void>,
): Promise<Done> {
  const at = deps.clock.date()
  const newest = await newestScans(
    trx,
    all.map(({ version }) => version.id),
  )
  const current = all.filter(({ version, before }) => newest.get(version.id)?.id === before.id)
  const stale = current.filter((one) => one.result === 'stale')
  // One that is being ingested is about to be inspected.
  const waiting = stale.filter(({ version }) => version.state !== 'ingesting')
  await markStale(
    trx,
    waiting.map(({ version, reason }) => ({ version_id: version.id, project_id: version.project_id, reason })),
    at,
  )
  const judged = current.filter((one) => one.result !== 'stale')
  await clearStale(
    trx,
    judged.map(({ version }) => version.id),
  )
  const same = judged.filter(({ result }) => result === 'same')
  const changed = judged.filter(({ result }) => result === 'changed')
  await confirmScans(
    trx,
    same.map(({ before }) => before.id),
    rulesetVersion,
    at,
  )
  await recordChanged(deps, trx, changed, at)
  const rose = await findRisen(trx, judged, at)
  const enforce = run.mode === 'enforce'
  const moved = enforce ? await move(deps, trx, rose, at) : []
  const warned = enforce ? [] : rose.filter(({ one }) => one.result === 'changed')
  const cleared = changed.filter(
    ({ version, before, judged: now }) =>
      version.state === 'needs_attention' && !now.needsAttention && before.verdict !== now.scan.verdict,
  )
  await insertNotices(trx, [
    ...moved.map(({ one, reason }) => notice(deps, one, 'needs_attention', reason, at)),
    ...warned.map(({ one, reason }) => notice(deps, one, 'findings_rose', reason, at)),
    ...cleared.map((one) => notice(deps, one, 'findings_cleared', clearedReason, at)),
  ])
  const done = {
    confirmed: same.length,
    changed: changed.length,
    moved: moved.length,
    warned: warned.length,
    stale: waiting.length,
  }
  await saveCursor(done)
  for (const rise of moved) await auditRise(deps, trx, run, rise, 'version.needs_attention')
  for (const rise of warned) await auditRise(deps, trx, run, rise, 'version.findings_rose')
  return done
}

const clearedReason: StateReason = {
  code: 'findings_cleared',
  message: 'By the present rules nothing of its scan stands open any more.',
  remedy: 'Retry the version: it is verified again when nothing else stands in its way.',
}

async function recordChanged(deps: LifecycleDeps, trx: Trx, changed: readonly Judged[], at: Date): Promise<void> {
  const scans: NewScan[] = []
  const findings: FindingRow[] = []
  for (const { judged } of changed) {
    const id = deps.newId('scan')
    scans.push({ ...judged.scan, id, at, trigger: 'ruleset' })
    for (const finding of judged.findings) findings.push({ ...finding, id: deps.newId('finding'), scan_id: id })
  }
  await insertScans(trx, scans, findings)
  await recordVerdicts(
    trx,
    changed.flatMap(({ version, judged }) => judged.files.map((file) => ({ version_id: version.id, ...file }))),
    changed
      .filter(({ before, judged }) => before.verdict !== judged.scan.verdict)
      .map(({ version, judged }) => ({ id: version.id, verdict: judged.scan.verdict })),
    at,
  )
}

/** Versions in a good state on which something stands open that no approval covers; one that lapsed counts. */
async function findRisen(trx: Trx, judged: readonly Judged[], at: Date): Promise<Rose[]> {
  const suspects = judged.filter(({ version, judged: now }) => now.needsAttention && served.includes(version.state))
  const approved = await approvedFindings(
    trx,
    suspects.map(({ version }) => version),
    at,
  )
  return suspects.flatMap((one): Rose[] => {
    const covered = approved.get(one.version.id)
    const open = one.judged.findings.filter(
      (finding) =>
        finding.severity === 'critical' || (finding.severity === 'high' && covered?.has(findingKey(finding)) !== true),
    )
    const reason = scanReason(
      {
        verdict: one.judged.scan.verdict,
        openCritical: open.filter(({ severity }) => severity === 'critical').length,
        openHigh: open.filter(({ severity }) => severity === 'high').length,
        openIncomplete: one.judged.files.some(({ verdict }) => verdict === 'incomplete'),
      },
      open.slice(0, 1).map((finding) => findingLine(finding)),
    )
    return reason === null ? [] : [{ one, reason }]
  })
}

async function move(deps: LifecycleDeps, trx: Trx, rose: readonly Rose[], at: Date): Promise<Rose[]> {
  if (rose.length === 0) return []
  const ids = await moveToAttention(
    trx,
    rose.map(({ one, reason }) => ({ id: one.version.id, from: one.version.state, reason })),
    at,
  )
  const moved = rose.filter(({ one }) => ids.has(one.version.id))
  await refreshModels(trx, [...new Set(moved.map(({ one }) => one.version.model_id))], at)
  if (moved.some(({ one }) => one.version.state === 'published')) {
    await deps.database.notify(trx, channels.serving, 'version.needs_attention')
  }
  return moved
}

const notice = (
  deps: LifecycleDeps,
  { version, before, judged }: Judged,
  kind: NoticeKind,
  reason: StateReason,
  at: Date,
): NoticeRow => ({
  id: deps.newId('notice'),
  project_id: version.project_id,
  version_id: version.id,
  owner_id: version.owner_id,
  kind,
  message: `${version.model_name}@${version.number}: ${reason.message}`,
  remedy: reason.remedy ?? null,
  details: {
    because: 'ruleset',
    from: { state: version.state, verdict: before.verdict, ruleset: before.ruleset, scanner: before.scanner },
    to: { verdict: judged.scan.verdict, ruleset: judged.scan.ruleset, scanner: judged.scan.scanner },
  },
  at,
})

async function auditRise(
  deps: LifecycleDeps,
  trx: Trx,
  run: RejudgeRun,
  { one: { version, before, judged }, reason }: Rose,
  action: 'version.needs_attention' | 'version.findings_rose',
): Promise<void> {
  const moves = action === 'version.needs_attention'
  await deps.audit(trx, {
    actor: run.actor,
    action,
    object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
    projectId: version.project_id,
    reason: reason.message,
    before: { state: version.state },
    after: { state: moves ? 'needs_attention' : version.state, stateReason: reason },
    evidence: {
      jobId: run.jobId,
      because: 'ruleset',
      verdict: judged.scan.verdict,
      before: before.verdict,
      ruleset: judged.scan.ruleset,
    },
  })
}
