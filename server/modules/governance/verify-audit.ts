import type { AuditVerification } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import type { Anchor } from './audit-anchor.ts'
import { auditHash, genesisHash } from './audit-hash.ts'
import type { AuditSeal } from './audit-seal.ts'
import { type AuditRow, readAuditChain, readAuditHead } from './store.ts'

export type VerifyDeps = {
  db: Db
  seal: AuditSeal
  /** Read before the chain, which then must hold it. */
  anchor: () => Promise<Anchor | 'damaged' | null>
}

const batch = 1_000

type Problem = NonNullable<AuditVerification['firstBad']>
type Place = { seq: number; hash: string; sealed: boolean }

/** Recomputes the chain from its first event to the head and names the first event that does not fit. */
export async function verifyAudit(deps: VerifyDeps, signal?: AbortSignal): Promise<AuditVerification> {
  const anchor = await deps.anchor()
  const noted = anchor === 'damaged' ? null : anchor
  let at: Place = { seq: 0, hash: genesisHash, sealed: false }
  for (;;) {
    signal?.throwIfAborted()
    const rows = await readAuditChain(deps.db, at.seq, batch)
    for (const row of rows) {
      const problem = checkRow(row, at) ?? checkSeal(row, at, deps.seal) ?? checkAnchor(row, noted)
      if (problem !== null) return failed(at.seq, problem)
      at = { seq: row.seq, hash: row.hash, sealed: at.sealed || row.seal !== null }
    }
    if (rows.length < batch) break
  }
  const problem = (await checkEnd(deps.db, at)) ?? checkNoted(at, anchor)
  if (problem !== null) return failed(Math.min(at.seq, problem.seq - 1), problem)
  return {
    ok: true,
    events: at.seq,
    head: at.seq === 0 ? null : at.hash,
    firstBad: null,
    message: `All ${at.seq} events fit the chain.`,
  }
}

function checkRow(row: AuditRow, previous: Place): Problem | null {
  if (row.seq !== previous.seq + 1) {
    const seq = previous.seq + 1
    return {
      seq,
      problem: 'missing',
      message: `Event ${seq} is missing: event ${row.seq} follows event ${previous.seq}.`,
    }
  }
  const { hash, seal: _seal, ...rest } = row
  if (auditHash(rest) !== hash) {
    return {
      seq: row.seq,
      problem: 'altered',
      message: `Event ${row.seq} was altered: its content does not match its hash.`,
    }
  }
  if (row.previous_hash !== previous.hash) {
    return {
      seq: row.seq,
      problem: 'reordered',
      message: `Event ${row.seq} does not follow event ${previous.seq}: the order or the event before it was changed.`,
    }
  }
  return null
}

/** From the first sealed event on every event has a seal; those before it are covered by its hash. */
function checkSeal(row: AuditRow, previous: Place, seal: AuditSeal): Problem | null {
  if (row.seal === null ? !previous.sealed : seal.fits(row.hash, row.seal)) return null
  const message =
    row.seal === null
      ? `Event ${row.seq} was not written by this hub: it carries no seal.`
      : `Event ${row.seq} does not carry this hub's seal: it comes from elsewhere, or the hub's secret key is not the one of then.`
  return { seq: row.seq, problem: 'unsealed', message }
}

function checkAnchor(row: AuditRow, anchor: Anchor | null): Problem | null {
  if (row.seq !== anchor?.seq || row.hash === anchor.hash) return null
  return {
    seq: row.seq,
    problem: 'anchor',
    message: `Event ${row.seq} is not the one that the hub noted outside the database: the trail was replaced by another.`,
  }
}

/** Events may be appended between the last read and the head; only a head behind or beside the chain is wrong. */
async function checkEnd(db: Db, last: Place): Promise<Problem | null> {
  const head = await readAuditHead(db)
  if (head === undefined) return { seq: last.seq, problem: 'head', message: 'The head of the chain is missing.' }
  if (head.seq < last.seq) {
    const seq = head.seq + 1
    return {
      seq,
      problem: 'head',
      message: `Event ${seq} lies behind the head of the chain, which is event ${head.seq}.`,
    }
  }
  if (head.seq === last.seq && head.hash !== last.hash) {
    return { seq: last.seq, problem: 'head', message: `The head of the chain does not name event ${last.seq}.` }
  }
  if (head.seq > last.seq && (await readAuditChain(db, last.seq, 1)).length === 0) {
    const seq = last.seq + 1
    return {
      seq,
      problem: 'missing',
      message: `Event ${seq} and all after it are missing: the head of the chain is event ${head.seq}.`,
    }
  }
  return null
}

function checkNoted(last: Place, anchor: Anchor | 'damaged' | null): Problem | null {
  if (anchor === 'damaged') {
    const message = 'The note of the newest event beside the database is damaged or was not written by this hub.'
    return { seq: last.seq + 1, problem: 'anchor', message }
  }
  if (anchor !== null && last.seq < anchor.seq) {
    const seq = last.seq + 1
    return {
      seq,
      problem: 'missing',
      message: `Event ${seq} and all after it are missing: the hub noted event ${anchor.seq} outside the database.`,
    }
  }
  if (last.seq > 0 && !last.sealed) {
    return { seq: 1, problem: 'unsealed', message: `None of the ${last.seq} events carries this hub's seal.` }
  }
  return null
}

function failed(events: number, firstBad: Problem): AuditVerification {
  return {
    ok: false,
    events: Math.max(events, 0),
    head: null,
    firstBad,
    message: `${firstBad.message} Events before it are intact.`,
  }
}
