import { setImmediate } from 'node:timers/promises'
import type { LicenseSummary, VersionFacts } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import { getVersion, type NamedVersionRow } from '../catalog/index.ts'
import { refresh, storeAssessment } from './assess-version.ts'
import type { LicenseDeps } from './deps.ts'
import { licenseFacts } from './license-facts.ts'
import { loadMatcher } from './match/load-matcher.ts'
import type { Matcher } from './match/match-text.ts'
import { rememberMatches } from './match/remember-matches.ts'
import { rulesVersion } from './rules-version.ts'
import { sentenceOf } from './sentence.ts'
import { countStale, readProfileRow, staleVersions, versionsWithBases } from './store.ts'

/** Versions of one transaction: what it holds up is some hundred milliseconds of others. */
const batch = 25
/** What is made from what is made from others: models longer chains are judged at the next change. */
const maxDepth = 4

/** What a judging again made of the license of one version. */
export type Reassessed = {
  version: NamedVersionRow
  before: VersionFacts['license']
  after: VersionFacts['license']
  /** The outcome in words. */
  sentence: string
}

export type ReassessRun = {
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  /** Called in the transaction of a batch, as its last act: what follows from what changed. */
  onBatch: (trx: Trx, changed: readonly Reassessed[]) => Promise<void>
  onProgress: (done: number, total: number) => void
}

/** By which rules and profile licenses are judged now. */
export const judgedBy = async (db: Db | Trx) => ({
  rules: rulesVersion,
  profileRevision: (await readProfileRow(db))?.revision ?? 0,
})

/** How many versions were judged by other rules or another profile than those of now. */
export async function countStaleLicenses(deps: Pick<LicenseDeps, 'database'>): Promise<number> {
  return countStale(deps.database.db, await judgedBy(deps.database.db))
}

/**
 * Judges stored evidence again where it was judged by other rules or another profile, without opening a file, and then what was made
 * from other models until nothing changes any more. Batches of 25 versions, each in its own transaction; what is done is marked so by
 * itself, so that a kill costs one batch. Returns how many were judged. Throws when the signal is aborted.
 */
export async function reassessStale(deps: LicenseDeps, run: ReassessRun, signal: AbortSignal): Promise<number> {
  const { db } = deps.database
  const matcher = rememberMatches(await loadMatcher())
  const total = await countStaleLicenses(deps)
  let done = 0
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const rows = await staleVersions(db, { after, limit: batch, than: await judgedBy(db) })
    const last = rows.at(-1)
    if (last === undefined) break
    // Outside of the transaction, with a turn for requests between two texts.
    for (const { text } of rows) {
      if (text === null) continue
      matcher(text)
      await setImmediate()
    }
    await judge(
      deps,
      run,
      matcher,
      rows.map(({ id }) => id),
    )
    done += rows.length
    after = last.id
    run.onProgress(done, Math.max(total, done))
    await setImmediate()
  }
  if (done > 0)
    for (let depth = 0; depth < maxDepth; depth++) if (!(await judgeDerived(deps, run, matcher, signal))) break
  return done
}

/** True when one of them changed, so that what is made from it may change too. */
async function judgeDerived(
  deps: LicenseDeps,
  run: ReassessRun,
  matcher: Matcher,
  signal: AbortSignal,
): Promise<boolean> {
  let changed = false
  for (let after = ''; ; ) {
    signal.throwIfAborted()
    const ids = await versionsWithBases(deps.database.db, { after, limit: batch })
    const last = ids.at(-1)
    if (last === undefined) return changed
    if (await judge(deps, run, matcher, ids)) changed = true
    after = last
    await setImmediate()
  }
}

async function judge(deps: LicenseDeps, run: ReassessRun, matcher: Matcher, ids: readonly string[]): Promise<boolean> {
  return run.tx(async (trx) => {
    const changed: Reassessed[] = []
    for (const id of ids) {
      const version = await getVersion(trx, id)
      const before = await licenseFacts(deps, trx, version)
      const found = await storeAssessment(deps, trx, matcher, id)
      const summary = found.assessed.summary
      if (!sameSummary(summary, version.license)) await refresh(deps, trx, version)
      const after = await licenseFacts(deps, trx, { id, license: summary })
      if (shape(after) !== shape(before)) changed.push({ version, before, after, sentence: sentenceOf(found) })
    }
    await run.onBatch(trx, changed)
    return changed.length > 0
  })
}

const summaryFields = ['status', 'tag', 'file', 'label', 'id', 'class', 'suitability'] as const

function sameSummary(a: LicenseSummary, b: LicenseSummary | null): boolean {
  return b !== null && summaryFields.every((field) => (a[field] ?? null) === (b[field] ?? null))
}

const shape = ({ id, class: licenseClass, suitability, text, status }: VersionFacts['license']) =>
  [id, licenseClass, suitability, text, status].join(' ')
