import { type ExpressionBuilder, sql } from 'kysely'
import {
  type LicenseAnswer,
  type LicenseClass,
  LicenseProfile,
  type LicenseSuitability,
  type LicenseSummary,
  type VersionFacts,
} from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { LicenseEvidence } from './evidence.ts'
import type { TextMatch } from './match/match-text.ts'

export type LicenseRow = {
  version_id: string
  status: LicenseSummary['status']
  tag: string | null
  tag_source: string | null
  /** The version's own license file; what a person attached stands in `license_file`. */
  file: string | null
  file_sha256: string | null
  label: string
  text: string | null
  license_id: string | null
  class: LicenseClass
  suitability: LicenseSuitability
  /** Of the text that counts: a person's attachment before the version's own file. */
  text_sha256: string | null
  text_state: VersionFacts['license']['text']
  match: TextMatch | null
  evidence: LicenseEvidence
  rules: string | null
  profile_revision: number
  at: Date
}

export type LicenseFileRow = {
  id: string
  version_id: string
  project_id: string
  kind: 'text' | 'link'
  name: string
  url: string | null
  sha256: string | null
  text: string | null
  reason: string
  attached_by: string
  attached_at: Date
  removed_by: string | null
  removed_at: Date | null
  removed_reason: string | null
}

export type LicenseDecisionRow = {
  id: string
  version_id: string
  project_id: string
  decision: 'approved' | 'rejected'
  license_id: string | null
  text_sha256: string | null
  purpose: LicenseProfile['purpose']
  conditions: string | null
  reason: string
  expires_at: Date | null
  decided_by: string
  decided_by_id: string
  created_at: Date
}

export type LicenseAcceptanceRow = {
  id: string
  version_id: string
  project_id: string
  license_id: string | null
  text_sha256: string
  accepted_by: string
  accepted_by_id: string
  accepted_at: Date
}

export type LicenseAnswerRow = {
  id: string
  version_id: string
  project_id: string
  question: string
  answer: LicenseAnswer['answer']
  instead_of: LicenseAnswer['answer']
  license_id: string | null
  text_sha256: string | null
  reason: string
  answered_by: string
  answered_by_id: string
  answered_at: Date
  removed_by: string | null
  removed_at: Date | null
  removed_reason: string | null
}

export type ProfileRow = { profile: LicenseProfile; revision: number; updated_by: string; updated_at: Date }

type Json<T, K extends keyof T> = Omit<T, K> & Record<K, unknown>
type Tables = {
  license_assessment: Json<LicenseRow, 'match' | 'evidence'>
  license_profile: Json<ProfileRow, 'profile'> & { id: string }
  license_file: LicenseFileRow
  license_decision: LicenseDecisionRow
  license_acceptance: LicenseAcceptanceRow
  license_answer: LicenseAnswerRow
}

const tables = (db: Db | Trx) => db.withTables<Tables>()
const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`

export async function saveLicense(trx: Trx, row: LicenseRow): Promise<void> {
  const values = { ...row, match: row.match === null ? null : json(row.match), evidence: json(row.evidence) }
  await tables(trx)
    .insertInto('license_assessment')
    .values(values)
    .onConflict((oc) => oc.column('version_id').doUpdateSet(values))
    .execute()
}

export async function readLicense(db: Db | Trx, versionId: string): Promise<LicenseRow | undefined> {
  const row = await tables(db)
    .selectFrom('license_assessment')
    .selectAll()
    .where('version_id', '=', versionId)
    .executeTakeFirst()
  return row as LicenseRow | undefined
}

/** What lists and chains need of several versions. */
export async function readLicenses(
  db: Db | Trx,
  versionIds: readonly string[],
): Promise<Map<string, Pick<LicenseRow, 'license_id' | 'class' | 'suitability'>>> {
  if (versionIds.length === 0) return new Map()
  const rows = await tables(db)
    .selectFrom('license_assessment')
    .select(['version_id', 'license_id', 'class', 'suitability'])
    .where('version_id', 'in', [...versionIds])
    .execute()
  return new Map(rows.map(({ version_id, ...row }) => [version_id, row]))
}

/** How many versions are under each of these licenses; those without one are left out. */
export async function countVersions(db: Db, licenseIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ license_id: string; versions: number }>`
    select license_id, count(*)::int as versions from license_assessment
    where license_id = any(${[...licenseIds]}) group by license_id
  `.execute(db)
  return new Map(rows.map((row) => [row.license_id, row.versions]))
}

export type Judged = { rules: string; profileRevision: number }

/** Versions whose license was judged by other rules or another profile, after `after` in the order of their ids. */
export async function staleVersions(
  db: Db,
  input: { after: string; limit: number; than: Judged },
): Promise<{ id: string; text: string | null }[]> {
  const rows = await tables(db)
    .selectFrom('license_assessment')
    .select(['version_id as id', 'text'])
    .where('version_id', '>', input.after)
    .where((eb) => isStale(eb, input.than))
    .orderBy('version_id')
    .limit(input.limit)
    .execute()
  return rows
}

export async function countStale(db: Db | Trx, than: Judged): Promise<number> {
  const { n } = await tables(db)
    .selectFrom('license_assessment')
    .select((eb) => eb.fn.countAll<string>().as('n'))
    .where((eb) => isStale(eb, than))
    .executeTakeFirstOrThrow()
  return Number(n)
}

/** Ids of versions that were made from others, as their cards say, after `after`: what they allow follows from those. */
export async function versionsWithBases(db: Db, input: { after: string; limit: number }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select a.version_id as id from license_assessment a join model_version v on v.id = a.version_id
    where a.version_id > ${input.after}
      and (jsonb_path_exists(a.evidence, '$.baseModels[0]') or jsonb_path_exists(v.metadata, '$.baseModels.value[0]'))
    order by a.version_id limit ${input.limit}
  `.execute(db)
  return rows.map(({ id }) => id)
}

const isStale = (eb: ExpressionBuilder<Tables, 'license_assessment'>, { rules, profileRevision }: Judged) =>
  eb.or([eb('rules', 'is', null), eb('rules', '!=', rules), eb('profile_revision', '!=', profileRevision)])

export async function readProfileRow(db: Db | Trx): Promise<ProfileRow | undefined> {
  const row = await tables(db)
    .selectFrom('license_profile')
    .select(['profile', 'revision', 'updated_by', 'updated_at'])
    .executeTakeFirst()
  return row as ProfileRow | undefined
}

const StoredProfile = LicenseProfile.strip()

/** The stored profile; fields that another version of the hub knew are left out, missing ones are not told. */
export const profileOf = (row: ProfileRow | undefined): LicenseProfile => StoredProfile.parse(row?.profile ?? {})

export async function saveProfileRow(trx: Trx, row: ProfileRow): Promise<void> {
  const values = { id: 'organization', ...row, profile: json(row.profile) }
  await tables(trx)
    .insertInto('license_profile')
    .values(values)
    .onConflict((oc) => oc.column('id').doUpdateSet(values))
    .execute()
}

export async function insertLicenseFile(trx: Trx, row: LicenseFileRow): Promise<void> {
  await tables(trx).insertInto('license_file').values(row).execute()
}

/** Those that were not removed, newest first. */
export function attachedFiles(db: Db | Trx, versionId: string): Promise<LicenseFileRow[]> {
  return tables(db)
    .selectFrom('license_file')
    .selectAll()
    .where('version_id', '=', versionId)
    .where('removed_at', 'is', null)
    .orderBy('attached_at', 'desc')
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
}

export async function markFileRemoved(
  trx: Trx,
  id: string,
  removed: Pick<LicenseFileRow, 'removed_by' | 'removed_at' | 'removed_reason'>,
): Promise<void> {
  await tables(trx).updateTable('license_file').set(removed).where('id', '=', id).execute()
}

export async function insertDecision(trx: Trx, row: LicenseDecisionRow): Promise<void> {
  await tables(trx).insertInto('license_decision').values(row).execute()
}

type PageInput = { versionId: string; limit: number; before?: { at: Date; id: string } }

/** Newest first, `limit + 1` of them. */
export function listDecisionRows(db: Db | Trx, input: PageInput): Promise<LicenseDecisionRow[]> {
  let query = tables(db).selectFrom('license_decision').selectAll().where('version_id', '=', input.versionId)
  const { before } = input
  if (before !== undefined)
    query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(before.at, before.id)))
  return query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(input.limit + 1)
    .execute()
}

export async function insertAnswer(trx: Trx, row: LicenseAnswerRow): Promise<void> {
  await tables(trx).insertInto('license_answer').values(row).execute()
}

/** The newest answer of a person to each question, taken back or not. */
export function newestAnswers(db: Db | Trx, versionId: string): Promise<LicenseAnswerRow[]> {
  return tables(db)
    .selectFrom('license_answer')
    .distinctOn('question')
    .selectAll()
    .where('version_id', '=', versionId)
    .orderBy('question')
    .orderBy('answered_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

export async function markAnswerRemoved(
  trx: Trx,
  id: string,
  removed: Pick<LicenseAnswerRow, 'removed_by' | 'removed_at' | 'removed_reason'>,
): Promise<void> {
  await tables(trx).updateTable('license_answer').set(removed).where('id', '=', id).execute()
}

/** Newest first, `limit + 1` of them. */
export function listAnswerRows(db: Db | Trx, input: PageInput): Promise<LicenseAnswerRow[]> {
  let query = tables(db).selectFrom('license_answer').selectAll().where('version_id', '=', input.versionId)
  const { before } = input
  if (before !== undefined)
    query = query.where((eb) => eb(eb.refTuple('answered_at', 'id'), '<', eb.tuple(before.at, before.id)))
  return query
    .orderBy('answered_at', 'desc')
    .orderBy('id', 'desc')
    .limit(input.limit + 1)
    .execute()
}

export async function insertAcceptance(trx: Trx, row: LicenseAcceptanceRow): Promise<void> {
  await tables(trx).insertInto('license_acceptance').values(row).execute()
}

/** Newest first, `limit + 1` of them. */
export function listAcceptanceRows(db: Db | Trx, input: PageInput): Promise<LicenseAcceptanceRow[]> {
  let query = tables(db).selectFrom('license_acceptance').selectAll().where('version_id', '=', input.versionId)
  const { before } = input
  if (before !== undefined)
    query = query.where((eb) => eb(eb.refTuple('accepted_at', 'id'), '<', eb.tuple(before.at, before.id)))
  return query
    .orderBy('accepted_at', 'desc')
    .orderBy('id', 'desc')
    .limit(input.limit + 1)
    .execute()
}

/** What policies see, in one query: the newest decision and acceptance count when they are about the text that counts now. */
export async function readLicenseState(
  db: Db | Trx,
  versionId: string,
  now: Date,
): Promise<
  | (Pick<LicenseRow, 'license_id' | 'class' | 'suitability' | 'text_state'> & {
      decision: LicenseDecisionRow['decision'] | null
      accepted: boolean
    })
  | undefined
> {
  const { rows } = await sql<never>`
    select a.license_id, a.class, a.suitability, a.text_state,
      (select case when d.text_sha256 is not distinct from a.text_sha256 and (d.expires_at is null or d.expires_at > ${now})
          then d.decision end
        from license_decision d where d.version_id = a.version_id order by d.created_at desc, d.id desc limit 1) as decision,
      exists (select 1 from license_acceptance c
        where c.version_id = a.version_id and c.text_sha256 = a.text_sha256) as accepted
    from license_assessment a where a.version_id = ${versionId}
  `.execute(db)
  return rows[0]
}
