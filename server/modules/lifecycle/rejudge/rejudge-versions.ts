import { setImmediate } from 'node:timers/promises'
import type { PolicyMode } from '../../../../contract/index.ts'
import { rulesetVersion, scannerVersion } from '../../../../scanner/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Trx } from '../../../platform/db/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { judgeAgain } from './judge-again.ts'
import { recordJudged } from './record-judged.ts'
import {
  countScannedVersions,
  type JudgedBefore,
  pageScannedVersions,
  type RejudgeCounts,
  type RejudgeCursor,
  readRejudgeCursor,
  saveRejudgeCursor,
} from './rejudge-store.ts'

/** Versions of one transaction, and files of them: what a transaction holds up is some hundred milliseconds of others. */
const most = { versions: 50, files: 500 }

export type RejudgeRun = {
  jobId: string
  actor: Actor
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  /** Of the scan gate: `enforce` moves what rose out of service, `warn` and `audit` record it. */
  mode: PolicyMode
  onProgress: (counts: RejudgeCounts, total: number) => void
  log: (message: string) => void
  signal: AbortSignal
}

const none: RejudgeCounts = { versions: 0, confirmed: 0, changed: 0, moved: 0, warned: 0, stale: 0 }

/**
 * Judges every scanned version by the rules in force from the stored facts; no file is opened. Each batch is one transaction with the
 * place that was reached, so that a kill costs one batch. Rules that change on the way (another release went on with the job) begin anew.
 */
export async function rejudgeVersions(deps: LifecycleDeps, run: RejudgeRun): Promise<RejudgeCounts> {
  const { db } = deps.database
  const total = await countScannedVersions(db)
  const kept = await readRejudgeCursor(db, run.jobId)
  const goesOn = kept !== undefined && kept.ruleset === rulesetVersion && kept.scanner === scannerVersion
  let cursor: RejudgeCursor = goesOn
    ? kept
    : { ruleset: rulesetVersion, scanner: scannerVersion, after_version: '', counts: none }
  for (;;) {
    run.signal.throwIfAborted()
    const batch = await nextBatch(deps, cursor.after_version)
    const last = batch.at(-1)
    if (last === undefined) return cursor.counts
    const judged = await judgeAgain(db, batch, scannerVersion, deps.antivirus !== undefined, run.signal)
    const before = cursor
    cursor = await run.tx(async (trx) => {
      const done = await recordJudged(deps, trx, judged, run, async (counts) => {
        await saveRejudgeCursor(trx, run.jobId, next(before, last.id, batch.length, counts))
      })
      return next(before, last.id, batch.length, done)
    })
    run.onProgress(cursor.counts, total)
    await setImmediate()
  }
}

function next(before: RejudgeCursor, last: string, versions: number, done: Omit<RejudgeCounts, 'versions'>) {
  const { counts } = before
  return {
    ...before,
    after_version: last,
    counts: {
      versions: counts.versions + versions,
      confirmed: counts.confirmed + done.confirmed,
      changed: counts.changed + done.changed,
      moved: counts.moved + done.moved,
      warned: counts.warned + done.warned,
      stale: counts.stale + done.stale,
    },
  }
}

/** As many of the next versions as their files allow, one at least. */
async function nextBatch(deps: LifecycleDeps, after: string): Promise<JudgedBefore[]> {
  const rows = await pageScannedVersions(deps.database.db, after, most.versions)
  let files = 0
  const fit = rows.findIndex((row) => (files += row.file_count) > most.files)
  return fit < 0 ? rows : rows.slice(0, Math.max(fit, 1))
}
