import type { ActivityItem, Lineage, VersionFile } from '../../../../contract/index.ts'
import { LifecycleState } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { pageFileRows } from '../../artifacts/index.ts'
import { filesVerifiedAt, getVersion } from '../../catalog/index.ts'
import { listAudit } from '../../governance/index.ts'

/** The file manifest, in the order of the plan. */
export async function readFiles(
  db: Db,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<VersionFile> & { lastVerifiedAt: string | null }> {
  const version = await getVersion(db, reference)
  const after = input.cursor === undefined ? -1 : decodeCursor(input.cursor, ['integer'])[0]
  const rows = await pageFileRows(db, version.id, input.limit, after)
  const verifiedAt = await filesVerifiedAt(db, version.id)
  const page = toPage(
    rows,
    input.limit,
    (row) => ({
      path: row.path,
      size: row.size,
      sha256: row.sha256,
      format: row.format,
      formatTitle: row.format_title,
      verdict: row.verdict,
      findingCount: row.finding_count,
      stored: row.stored,
      sharedWith: row.shared_with,
    }),
    (row) => [row.ordinal],
  )
  return { ...page, lastVerifiedAt: verifiedAt?.toISOString() ?? null }
}

/** What the card claims the version was made from. Claims name models; they are marked as the card's. */
export async function readLineage(db: Db, reference: string): Promise<Lineage> {
  const version = await getVersion(db, reference)
  const bases = version.metadata['baseModels']
  const nodes: Lineage['nodes'] = []
  if (bases !== undefined && Array.isArray(bases.value)) {
    for (const name of bases.value) {
      nodes.push({
        relation: 'base',
        name,
        modelId: null,
        versionId: null,
        state: null,
        origin: bases.origin,
        source: bases.source,
      })
    }
  }
  nodes.push({
    relation: 'self',
    name: `${version.model_name}@${version.number}`,
    modelId: version.model_id,
    versionId: version.id,
    state: version.state,
    origin: 'derived',
    source: 'catalog',
  })
  return { nodes }
}

/** What happened to the version, from the audit trail, newest first. */
export async function readActivity(
  db: Db,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<ActivityItem>> {
  const version = await getVersion(db, reference)
  const page = await listAudit(db, { ...input, object: version.id })
  return {
    nextCursor: page.nextCursor,
    items: page.items.map((event) => ({
      id: event.id,
      seq: event.seq,
      at: event.at,
      action: event.action,
      actor: { type: event.actorType, id: event.actorId, name: event.actorName },
      summary: summaries[event.action] ?? event.action,
      from: stateOf(event.before),
      to: stateOf(event.after),
      reason: event.reason,
      evidence: event.evidence,
    })),
  }
}

function stateOf(value: Record<string, unknown> | null): LifecycleState | null {
  const parsed = LifecycleState.safeParse(value?.['state'])
  return parsed.success ? parsed.data : null
}

const summaries: Record<string, string> = {
  'version.register': 'Registered',
  'version.ingest': 'Ingest started',
  'version.verify': 'Verified',
  'version.needs_attention': 'Needs attention',
  'version.cancel': 'Onboarding cancelled',
  'version.approve_findings': 'Findings approved',
  'version.evaluated': 'Evaluated',
  'license.approved': 'License approved',
  'license.rejected': 'License rejected',
  'license.accept': 'License accepted',
  'license.attach': 'License attached',
  'license.remove': 'Attached license removed',
  'version.publish': 'Publish',
  'version.unpublish': 'Unpublished',
  'version.archive': 'Archived',
  'version.rescan': 'Scanned again',
  'license.answer': 'License question answered',
  'license.answer_remove': 'Answer on the license taken back',
  'version.findings_rose': 'Findings rose under new rules',
  'version.sign': 'Signed',
  'version.signature_given': 'Signature given',
  'version.pull': 'Pulled',
  'version.export': 'Exported as a bundle',
  'version.reverify': 'Files read again',
  'benchmark.start': 'Benchmark started',
  'benchmark.finish': 'Benchmark finished',
  'evaluation.start': 'Evaluation started',
  'evaluation.finish': 'Evaluation finished',
  'approval.approved': 'Approved',
  'approval.rejected': 'Rejected',
}
