import type { AuditVerification } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { auditHash, genesisHash } from './audit-hash.ts'
import { type AuditRow, readAuditChain, readAuditHead } from './store.ts'

const batch = 1_000

/** Recomputes the chain from its first event to the head and names the first event that does not fit. */
export async function verifyAudit(db: Db, signal?: AbortSignal): Promise<AuditVerification> {
  let previous = { seq: 0, hash: genesisHash, at: 0 }
  for (;;) {
    signal?.throwIfAborted()
    const rows = await readAuditChain(db, previous.seq, batch)
    for (const row of rows) {
      const problem = checkRow(row, previous)
      if (problem !== null) return failed(previous.seq, problem)
      previous = { seq: row.seq, hash: row.hash, at: row.at.getTime() }
    }
    if (rows.length < batch) break
  }
  const head = await readAuditHead(db)
  // Events may have been appended between the last read and the head; only a head behind or beside the chain is wrong.
  if (head === undefined) {
    return failed(previous.seq, { seq: previous.seq, problem: 'head', message: 'The head of the chain is missing.' })
  }
  if (head.seq < previous.seq) {
    return failed(head.seq, {
      seq: head.seq + 1,
      problem: 'head',
      message: `Event ${head.seq + 1} lies behind the head of the chain, which is event ${head.seq}.`,
    })
  }
  if (head.seq === previous.seq && head.hash !== previous.hash) {
    return failed(previous.seq, {
      seq: previous.seq,
      problem: 'head',
      message: `The head of the chain does not name event ${previous.seq}.`,
    })
  }
  if (head.seq > previous.seq && (await readAuditChain(db, previous.seq, 1)).length === 0) {
    return failed(previous.seq, {
      seq: previous.seq + 1,
      problem: 'missing',
      message: `Event ${previous.seq + 1} and all after it are missing: the head of the chain is event ${head.seq}.`,
    })
  }
  return {
    ok: true,
    events: previous.seq,
    head: previous.seq === 0 ? null : previous.hash,
    firstBad: null,
    message: `All ${previous.seq} events fit the chain.`,
  }
}

type Problem = NonNullable<AuditVerification['firstBad']>

function checkRow(row: AuditRow, previous: { seq: number; hash: string }): Problem | null {
  if (row.seq !== previous.seq + 1) {
    const seq = previous.seq + 1
    return {
      seq,
      problem: 'missing',
      message: `Event ${seq} is missing: event ${row.seq} follows event ${previous.seq}.`,
    }
  }
  const { hash, ...rest } = row
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

function failed(events: number, firstBad: Problem): AuditVerification {
  return {
    ok: false,
    events,
    head: null,
    firstBad,
    message: `${firstBad.message} Events before it are intact.`,
  }
}
