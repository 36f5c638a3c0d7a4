import type { LicenseAssessment, LicenseProfile } from '../../../contract/index.ts'
import type { Clock } from '../../../kernel/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import { findBases, getVersion, type NamedVersionRow, patchVersion, refreshModel } from '../catalog/index.ts'
import { answersInForce } from './answers-in-force.ts'
import { type AssessedLicense, assessLicense, type Chain, type LicenseText } from './assess-license.ts'
import { type LicenseEvidence, noEvidence } from './evidence.ts'
import type { Matcher } from './match/match-text.ts'
import { rulesVersion } from './rules-version.ts'
import {
  attachedFiles,
  type LicenseFileRow,
  type LicenseRow,
  newestAnswers,
  profileOf,
  readLicense,
  readLicenses,
  readProfileRow,
  saveLicense,
} from './store.ts'

export type VersionLicense = {
  version: NamedVersionRow
  row: LicenseRow | undefined
  assessed: AssessedLicense
  text: LicenseText
  attached: LicenseFileRow[]
  chain: Chain
  profile: LicenseProfile
  profileRevision: number
}

/** What the present rules, profile and bases make of the stored evidence of a version. Reads no file of the version. */
export async function assessVersion(db: Db | Trx, matcher: Matcher, version: NamedVersionRow): Promise<VersionLicense> {
  const row = await readLicense(db, version.id)
  const attached = await attachedFiles(db, version.id)
  const stored = await readProfileRow(db)
  const profile = profileOf(stored)
  // Rows of before the analysis have no evidence but the tag.
  const evidence: LicenseEvidence = {
    ...noEvidence,
    cardTag: row?.tag ?? null,
    cardPath: row?.tag_source ?? null,
    ...row?.evidence,
  }
  const text = textOf(matcher, row, attached)
  const chain = await chainOf(db, version, evidence)
  const linked = attached.find((file) => file.kind === 'link')?.name ?? null
  const facts = { multimodal: multimodal(version) }
  const given = await newestAnswers(db, version.id)
  const people = (licenseId: string | null) => answersInForce(given, text?.sha256 ?? null, licenseId)
  return {
    version,
    row,
    attached,
    text,
    chain,
    profile,
    profileRevision: stored?.revision ?? 0,
    assessed: assessLicense({ evidence, text, linked, profile, facts, chain, people }),
  }
}

/** Assesses a version and stores what lists show of it. Returns the same. */
export async function storeAssessment(
  deps: { clock: Clock },
  trx: Trx,
  matcher: Matcher,
  versionId: string,
  fresh?: Pick<LicenseRow, 'file' | 'file_sha256' | 'text' | 'evidence'>,
): Promise<VersionLicense> {
  const version = await getVersion(trx, versionId)
  const at = deps.clock.date()
  if (fresh !== undefined) {
    await saveLicense(trx, {
      version_id: versionId,
      status: 'unknown',
      tag: null,
      tag_source: null,
      label: 'Unknown',
      license_id: null,
      class: 'unknown',
      suitability: 'unclear',
      text_sha256: null,
      text_state: 'none',
      match: fresh.text === null ? null : matcher(fresh.text),
      rules: rulesVersion,
      profile_revision: 0,
      at,
      ...fresh,
    })
  }
  const found = await assessVersion(trx, matcher, version)
  const { assessed, row } = found
  await saveLicense(trx, {
    version_id: versionId,
    file: row?.file ?? null,
    file_sha256: row?.file_sha256 ?? null,
    text: row?.text ?? null,
    evidence: row?.evidence ?? noEvidence,
    status: assessed.summary.status,
    tag: assessed.summary.tag,
    tag_source: assessed.tagSource,
    label: assessed.summary.label,
    license_id: assessed.license?.id ?? null,
    class: assessed.class,
    suitability: assessed.suitability,
    text_sha256: found.text?.sha256 ?? null,
    text_state: textState(found),
    match: row?.text == null ? null : row.rules === rulesVersion && row.match !== null ? row.match : matcher(row.text),
    rules: rulesVersion,
    profile_revision: found.profileRevision,
    at: row?.at ?? at,
  })
  await patchVersion(trx, versionId, { license: assessed.summary }, at)
  return found
}

/** Whether the text that counts is known, and not against what the card says. */
function textState({ text, assessed }: VersionLicense): LicenseRow['text_state'] {
  if (text === null) return 'none'
  if (assessed.agreement === 'differs') return 'contradicts'
  if (text.match.status === 'matched') return 'known'
  // A file that only names a license holds no text: it declares, as a tag does.
  return text.match.refersTo === null ? 'unknown' : 'none'
}

function textOf(matcher: Matcher, row: LicenseRow | undefined, attached: readonly LicenseFileRow[]): LicenseText {
  const given = attached.find((file) => file.kind === 'text')
  if (given?.text != null && given.sha256 !== null)
    return { path: given.name, sha256: given.sha256, text: given.text, match: matcher(given.text) }
  if (row?.text == null || row.file === null || row.file_sha256 === null) return null
  const match = row.match !== null && row.rules === rulesVersion ? row.match : matcher(row.text)
  return { path: row.file, sha256: row.file_sha256, text: row.text, match }
}

/** The models it was made from: what this hub knows of their licenses. A base that is not here is unknown. */
async function chainOf(db: Db | Trx, version: NamedVersionRow, evidence: LicenseEvidence): Promise<Chain> {
  const described = version.metadata['baseModels']?.value
  const names = [...new Set([...evidence.baseModels, ...(Array.isArray(described) ? described : [])])].slice(0, 20)
  const bases = await findBases(db, names)
  const licenses = await readLicenses(db, [...bases.values()])
  return names.flatMap((name): LicenseAssessment['chain'] => {
    const versionId = bases.get(name) ?? null
    if (versionId === version.id) return []
    const known = versionId === null ? undefined : licenses.get(versionId)
    return [
      {
        name,
        versionId,
        licenseId: known?.license_id ?? null,
        class: known?.class ?? 'unknown',
        suitability: known?.suitability ?? 'unclear',
      },
    ]
  })
}

/** Whether it takes more than text; null: not described yet. */
function multimodal(version: NamedVersionRow): boolean | null {
  if (version.modality === null && version.tasks.length === 0) return null
  const several = version.tasks.some((task) =>
    /image-text|image-to-text|visual|video|audio|any-to-any|multimodal/.test(task),
  )
  return several || (version.modality !== null && !['text', 'embedding'].includes(version.modality))
}

/** Keeps lists in step after a change by a person. */
export const refresh = (deps: { clock: Clock }, trx: Trx, version: NamedVersionRow): Promise<void> =>
  refreshModel(trx, version.model_id, deps.clock.date())
