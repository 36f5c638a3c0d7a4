import { conflict } from '../../../../kernel/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { filesVerifiedAt, getModel, getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import { newestEvaluations } from '../../evaluations/index.ts'
import { providerTitle } from '../../providers/index.ts'
import { newestScan, staleReason, writeAttestation, writeBundle, writeSbom } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { gatherFacts } from '../gather-facts.ts'
import { cloudSourceOf } from '../hosted/source.ts'

type Deps = Pick<LifecycleDeps, 'clock' | 'database' | 'provenance'>

/** The version as a CycloneDX 1.6 bill of materials. */
export async function describeSbom(
  deps: Pick<LifecycleDeps, 'database'>,
  reference: string,
  hubVersion: string,
): Promise<Record<string, unknown>> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const model = await getModel(db, version.model_id)
  const scan = await newestScan(db, version.id)
  const cloud = cloudSourceOf(version)
  const { SPDX } = await import('@cyclonedx/cyclonedx-library')
  return writeSbom(
    {
      version: {
        id: version.id,
        number: version.number,
        modelName: version.model_name,
        description: model.description,
        digest: version.digest,
        state: version.state,
        createdAt: version.created_at,
        metadata: version.metadata,
        tasks: version.tasks,
        tags: model.tags,
        source: { type: version.source_type, address: addressOf(version), url: urlOf(version) },
      },
      license: version.license,
      files: await readFileRows(db, version.id),
      scan: scan ?? null,
      hosted:
        cloud === null
          ? null
          : {
              provider: providerTitle(cloud.provider),
              model: cloud.model,
              region: version.hosted?.region ?? null,
              api: version.hosted?.api ?? null,
            },
      evaluations: await evaluationsOf(db, version.id),
      owner: model.owner_name,
      hubVersion,
    },
    SPDX,
  )
}

/**
 * What this hub found out about a version, signed by its key. Throws `conflict` `nothing_to_attest` where there are no files, or no key.
 */
export async function attestVersion(
  deps: Deps,
  reference: string,
  hubVersion: string,
): Promise<Record<string, unknown>> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const { provenance } = deps
  if (version.digest === null || provenance === undefined) {
    throw conflict(
      'nothing_to_attest',
      `${version.model_name}@${version.number} has no files here that were hashed.`,
      'Ingest it first; what a provider hosts has no files that a statement could name.',
    )
  }
  const rows = await readFileRows(db, version.id)
  const scan = await newestScan(db, version.id)
  const { facts } = await gatherFacts(deps, db, version)
  const { key } = provenance
  const payload = writeAttestation({
    at: deps.clock.date(),
    hub: { version: hubVersion, keyId: key.keyId },
    version: {
      id: version.id,
      model: version.model_name,
      number: version.number,
      digest: version.digest,
      state: version.state,
    },
    files: rows.flatMap(({ path, sha256, size, format, verdict }) =>
      sha256 === null ? [] : [{ path, sha256, size, format, verdict }],
    ),
    source: {
      type: version.source_type,
      address: addressOf(version),
      commit: ('commit' in version.source ? version.source.commit : undefined) ?? null,
    },
    scan:
      scan === undefined
        ? null
        : {
            verdict: scan.verdict,
            ruleset: scan.ruleset,
            confirmedBy: scan.confirmed_ruleset,
            scanner: scan.scanner,
            at: scan.at,
            counts: scan.counts,
            filesExamined: scan.files_examined,
            filesTotal: scan.files_total,
            stale: (await staleReason(db, version.id)) !== null,
          },
    integrity: { ...facts.integrity, verifiedAt: await filesVerifiedAt(db, version.id) },
    license: { status: facts.license.status, tag: facts.license.tag },
    signature: {
      signed: facts.signature.signed,
      verified: facts.signature.verified,
      status: facts.signature.status,
      signer: facts.signature.signer,
    },
    evidence: { benchmarks: facts.evidence.benchmarks, evaluations: facts.evidence.evaluations },
  })
  return writeBundle(payload, key.keyId, key.sign)
}

/** A path on this machine tells others nothing, but of this machine. */
const addressOf = (version: NamedVersionRow) => (version.source_type === 'disk' ? null : version.source_address)

function urlOf({ source }: NamedVersionRow): string | null {
  if (source.type === 'huggingface') return `https://huggingface.co/${source.repo}`
  return source.type === 'url' ? (source.url.split(/[?#]/)[0] ?? null) : null
}

async function evaluationsOf(db: Db, versionId: string) {
  return (await newestEvaluations(db, [versionId])).flatMap(({ task, score, interval_low, interval_high }) =>
    score === null ? [] : [{ task, score, low: interval_low, high: interval_high }],
  )
}
