import { createHash } from 'node:crypto'
import { canonicalJson, conflict, invalid } from '../../kernel/index.ts'
import { claimKey, forgetKey, readKey, saveAnswer } from '../platform/idempotency/index.ts'
import type { HttpDeps } from './deps.ts'

const keepMs = 24 * 3_600_000

type Request = { actorId: string; key: string; operation: string; body: unknown }
type Result = { status: number; answer: unknown }

/**
 * Runs a create once per Idempotency-Key and caller: a repetition within 24 hours gets the first answer. Throws `invalid` when the key
 * was used for something else, `conflict` while the first request still runs. A failed request frees its key.
 */
export async function withIdempotency(
  deps: Pick<HttpDeps, 'database' | 'clock'>,
  request: Request,
  run: () => Promise<Result>,
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
      const result = await run()
      await saveAnswer(db, request, result.status, result.answer)
      return result
    } catch (error) {
      await forgetKey(db, request)
      throw error
    }
  }
  const stored = await readKey(db, request)
  if (stored !== undefined && (stored.operation !== request.operation || stored.body_hash !== bodyHash)) {
    throw invalid(
      'idempotency_key_reused',
      'The Idempotency-Key was used for another request.',
      'Use a new key for a new request.',
    )
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
