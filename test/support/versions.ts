import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { LicenseSummary, LifecycleState } from '../../contract/index.ts'
import type { Severity, Verdict } from '../../kernel/index.ts'
import { manifestDigest, replaceFileRows } from '../../server/modules/artifacts/index.ts'
import {
  getVersion,
  type NamedVersionRow,
  patchVersion,
  type RegisterInput,
  refreshModel,
  registerVersion,
  type VersionPatch,
} from '../../server/modules/catalog/index.ts'
import { insertScan } from '../../server/modules/verification/index.ts'
import { type HubSetup, person } from './hub-setup.ts'

export type FindingSpec = { rule?: string; severity: Severity; path?: string; offset?: number }

export type VersionSpec = {
  name: string
  state?: LifecycleState
  /** Files by path with their text; one GGUF unless told. */
  files?: Record<string, string>
  /** Null: not scanned. */
  scan?: { verdict?: Verdict; findings?: FindingSpec[]; incompleteFile?: string } | null
  license?: LicenseSummary
  patch?: VersionPatch
  register?: Partial<RegisterInput>
}

let made = 0

/** A name that no other test of the file uses. */
export const uniqueName = (stem: string): string => `${stem}-${(made += 1)}`

/** A draft of a new model, or the next version of the model of that name. */
export async function addDraft(hub: HubSetup, input: { name: string } & Partial<RegisterInput>): Promise<string> {
  const { versionId } = await hub.database.transaction((trx) =>
    registerVersion(hub, trx, {
      actor: person(),
      projectId: hub.project.id,
      ownerId: null,
      source: { type: 'disk', path: `/models/${input.name}`, mode: 'in_place' },
      sourceAddress: `/models/${input.name}`,
      onboarding: { benchmark: false, evaluate: false, publish: false },
      ...input,
    }),
  )
  return versionId
}

/** A version as a finished ingest leaves it, put into the state asked for: files with digests, a sealed manifest, a scan. */
export async function addVersion(hub: HubSetup, spec: VersionSpec): Promise<NamedVersionRow> {
  const id = await addDraft(hub, { name: spec.name, ...spec.register })
  const now = hub.clock.date()
  const files = Object.entries(spec.files ?? { 'model.gguf': spec.name }).map(([path, text]) => ({
    path,
    size: Buffer.byteLength(text),
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  const scan = spec.scan === undefined ? {} : spec.scan
  const verdict = scan === null ? null : (scan.verdict ?? verdictFor(scan.findings ?? [], scan.incompleteFile))
  await hub.database.transaction(async (trx) => {
    await replaceFileRows(
      trx,
      id,
      files.map((file, ordinal) => ({
        ...file,
        version_id: id,
        ordinal,
        stored: 'in_place' as const,
        real_path: null,
        fingerprint: null,
        format: file.path.endsWith('.gguf') ? 'gguf' : 'text',
        format_title: null,
        verdict: scan === null ? null : file.path === scan.incompleteFile ? 'incomplete' : 'pass',
        finding_count: 0,
      })),
    )
    if (scan !== null && verdict !== null) await addScan(hub, trx, id, verdict, scan.findings ?? [])
    await patchVersion(
      trx,
      id,
      {
        digest: manifestDigest(files),
        verdict,
        file_count: files.length,
        total_bytes: files.reduce((sum, file) => sum + file.size, 0),
        license: spec.license ?? { status: 'declared', tag: 'mit', file: null, label: 'mit' },
        ...spec.patch,
      },
      now,
    )
    await sql`update model_version set state = ${spec.state ?? 'verified'} where id = ${id}`.execute(trx)
    await refreshModel(trx, (await getVersion(trx, id)).model_id, now)
  })
  return getVersion(hub.database.db, id)
}

const verdictFor = (findings: readonly FindingSpec[], incompleteFile: string | undefined): Verdict => {
  if (findings.some(({ severity }) => severity === 'critical')) return 'block'
  if (incompleteFile !== undefined) return 'incomplete'
  return findings.some(({ severity }) => severity === 'high' || severity === 'medium') ? 'review' : 'pass'
}

async function addScan(
  hub: HubSetup,
  trx: Parameters<typeof insertScan>[0],
  versionId: string,
  verdict: Verdict,
  findings: readonly FindingSpec[],
): Promise<void> {
  const scanId = hub.newId('scan')
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length
  await insertScan(
    trx,
    {
      id: scanId,
      version_id: versionId,
      project_id: hub.project.id,
      ruleset: 'test',
      scanner: 'test',
      verdict,
      counts: {
        info: count('info'),
        low: count('low'),
        medium: count('medium'),
        high: count('high'),
        critical: count('critical'),
      },
      files_examined: 1,
      files_total: 1,
      bytes_examined: 1,
      bytes_total: 1,
      isolation: [],
      at: hub.clock.date(),
    },
    findings.map((finding, ordinal) => ({
      id: hub.newId('finding'),
      scan_id: scanId,
      version_id: versionId,
      rule_id: finding.rule ?? `TEST-RULE-00${ordinal + 1}`,
      severity: finding.severity,
      cwe: null,
      message: `Message ${ordinal + 1}.`,
      remedy: `Remedy ${ordinal + 1}.`,
      path: finding.path ?? 'model.gguf',
      member: null,
      byte_offset: finding.offset ?? null,
      evidence: null,
      ordinal,
    })),
  )
}
