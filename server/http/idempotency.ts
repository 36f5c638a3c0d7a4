import { createHash } from 'node:crypto'
import { canonicalJson, conflict, invalid } from '../../kernel/index.ts'
import { type Database, type Db, isDatabaseAway } from '../platform/db/index.ts'
import { claimKey, forgetKey, readKey, saveAnswer, saveEffect } from '../platform/idempotency/index.ts'
import type { HttpDeps } from './deps.ts'

const keepMs = 24 * 3_600_000

type Request = { actorId: string; key: string; operation: string; body: unknown }
type Result = { status: number; answer: unknown }

/**
 * Runs the use case that makes something, so that it is made once: what its one transaction returns is kept with the key, in the
 * same transaction, and given instead when the request is repeated. It must be JSON, and what the use case returns.
 */
export type Once = <Deps extends { database: Database }, Made>(
  deps: Deps,
  make: (deps: Deps) => Promise<Made>,
) => Promise<Made>

/** For requests without a key. */
export const always: Once = (deps, make) => make(deps)

type Effect = { made: unknown }

const freeAgainMs = 1_000

/**
 * Runs a create once per Idempotency-Key and caller: a repetition within 24 hours gets the first answer. Throws `invalid` when the key
 * was used for something else, `conflict` while the first request still runs. A failed request frees its key.
 */
export async function withIdempotency(
  deps: Pick<HttpDeps, 'database' | 'clock'>,
  request: Request,
  run: (once: Once) => Promise<Result>,
): Promise<Result> {
  if (!/^[\x21-\x7e]{1,200}$/.test(request.key)) {
    throw invalid(
      'invalid_idempotency_key',
      'The Idempotency-Key is not 1 to 200 visible ASCII characters.',
      'Send a UUID.',
    )
  }
  const db = deps.database.db
  const bodyHash = createHash('sha256')
    .update(canonicalJson(request.body ?? null))
    .digest('hex')
  const now = deps.clock.date()
  const claimed = await claimKey(db, { ...request, bodyHash }, now, new Date(now.getTime() - keepMs))
  if (claimed) {
    try {
      const result = await run((inner, make) => make({ ...inner, database: recording(inner.database, request, now) }))
      await saveAnswer(db, request, result.status, result.answer)
      return result
    } catch (error) {
      await freeKey(db, request, now)
      throw error
    }
  }
  const stored = await readKey(db, request)
  if (stored !== undefined && (stored.operation !== request.operation || stored.body_hash !== bodyHash)) {
    throw invalid(
      'idempotency_key_reused',
      'The Idempotency-Key was used for another request.',
      'Use a new key for a new request.',
      { details: { status: 422 } },
    )
  }
  if (stored != null && stored.status === null && stored.answer !== null) {
    // It was made, and nobody heard so: killed, or cut off, between the commit and the answer.
    const effect = stored.answer as Effect
    const result = await run((() => Promise.resolve(effect.made)) as Once)
    await saveAnswer(db, request, result.status, result.answer)
    return result
  }
  if (stored?.status == null) {
    throw conflict(
      'request_in_progress',
      'The first request with this Idempotency-Key is still running.',
      'Try again in a moment.',
    )
  }
  return { status: stored.status, answer: stored.answer }
}

/** The same database, whose transactions write what they return beside the key. */
function recording(database: Database, request: Request, claimedAt: Date): Database {
  return {
    ...database,
    transaction: (body) =>
      database.transaction(async (trx) => {
        const made = await body(trx)
        if (!(await saveEffect(trx, request, claimedAt, { made } satisfies Effect))) {
          throw conflict(
            'idempotency_key_lost',
            'The request took so long that its Idempotency-Key was given to a repetition.',
            'Read what that one has made.',
          )
        }
        return made
      }),
  }
}

/** Frees the key of a request that failed; while the database is away, once it is back. A key that made something stays. */
async function freeKey(db: Db, request: Request, claimedAt: Date): Promise<void> {
  try {
    await forgetKey(db, request, claimedAt)
  } catch (error) {
    if (!isDatabaseAway(error)) return
    setTimeout(() => void freeKey(db, request, claimedAt), freeAgainMs).unref()
  }
}
