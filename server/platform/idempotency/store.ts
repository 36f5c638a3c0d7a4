import { type Kysely, sql } from 'kysely'
import type { Db } from '../db/index.ts'

export type StoredAnswer = { operation: string; body_hash: string; status: number | null; answer: unknown }

type Tables = {
  idempotency_key: StoredAnswer & { actor_id: string; key: string; created_at: Date }
}

const tables = (db: Db): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

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
        eb.and([eb('status', 'is', null), eb('created_at', '<', new Date(now.getTime() - abandonedMs))]),
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

export async function saveAnswer(db: Db, name: KeyName, status: number, answer: unknown): Promise<void> {
  await tables(db)
    .updateTable('idempotency_key')
    .set({ status, answer: sql`${JSON.stringify(answer)}::jsonb` })
    .where('actor_id', '=', name.actorId)
    .where('key', '=', name.key)
    .execute()
}

export async function forgetKey(db: Db, name: KeyName): Promise<void> {
  await tables(db)
    .deleteFrom('idempotency_key')
    .where('actor_id', '=', name.actorId)
    .where('key', '=', name.key)
    .execute()
}
