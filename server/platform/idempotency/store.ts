import { type Kysely, sql } from 'kysely'
import type { Db, Trx } from '../db/index.ts'

/** Without a status `answer` is what the request has made, if it came so far. */
export type StoredAnswer = { operation: string; body_hash: string; status: number | null; answer: unknown }

type Tables = {
  idempotency_key: StoredAnswer & { actor_id: string; key: string; created_at: Date }
}

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

const abandonedMs = 180_000

export type KeyName = { actorId: string; key: string }

/** True when the key is new and now belongs to this request; keys older than `expireBefore` count as new. */
export async function claimKey(
  db: Db,
  name: KeyName & { operation: string; bodyHash: string },
  now: Date,
  expireBefore: Date,
): Promise<boolean> {
  await tables(db)
    .deleteFrom('idempotency_key')
    .where((eb) =>
      eb.or([
        eb('created_at', '<', expireBefore),
        // No request runs this long: the hub was killed between the claim and the answer.
        eb.and([
          eb('status', 'is', null),
          eb('answer', 'is', null),
          eb('created_at', '<', new Date(now.getTime() - abandonedMs)),
        ]),
      ]),
    )
    .execute()
  const result = await tables(db)
    .insertInto('idempotency_key')
    .values({
      actor_id: name.actorId,
      key: name.key,
      operation: name.operation,
      body_hash: name.bodyHash,
      status: null,
      answer: null,
      created_at: now,
    })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) === 1
}

export function readKey(db: Db, name: KeyName): Promise<StoredAnswer | undefined> {
  return tables(db)
    .selectFrom('idempotency_key')
    .select(['operation', 'body_hash', 'status', 'answer'])
    .where('actor_id', '=', name.actorId)
    .where('key', '=', name.key)
    .executeTakeFirst()
}

/**
 * Writes what a request has made, in the transaction that makes it: from its commit on the same request makes nothing more. Until then
 * the row is locked, so that nobody frees the key of a transaction whose end is not known. False when the key is not that claim's.
 */
export async function saveEffect(trx: Trx, name: KeyName, claimedAt: Date, effect: unknown): Promise<boolean> {
  const result = await tables(trx)
    .updateTable('idempotency_key')
    .set({ answer: sql`${JSON.stringify(effect)}::jsonb` })
    .where('actor_id', '=', name.actorId)
    .where('key', '=', name.key)
    .where('created_at', '=', claimedAt)
    .where('status', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

export async function saveAnswer(db: Db, name: KeyName, status: number, answer: unknown): Promise<void> {
  await tables(db)
    .updateTable('idempotency_key')
    .set({ status, answer: sql`${JSON.stringify(answer)}::jsonb` })
    .where('actor_id', '=', name.actorId)
    .where('key', '=', name.key)
    .execute()
}

/** Frees a key of that claim under which nothing was made. */
export async function forgetKey(db: Db, name: KeyName, claimedAt: Date): Promise<void> {
  await tables(db)
    .deleteFrom('idempotency_key')
    .where('actor_id', '=', name.actorId)
    .where('key', '=', name.key)
    .where('created_at', '=', claimedAt)
    .where('status', 'is', null)
    .where('answer', 'is', null)
    .execute()
}
