import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { createNewId, systemClock } from '../../../kernel/index.ts'
import { createAuditSeal, createWriteAudit, verifyAudit } from '../../../server/modules/governance/index.ts'
import { systemActor } from '../../../server/platform/actor.ts'
import type { Database, Trx } from '../../../server/platform/db/index.ts'
import { seededRandom } from '../../e2e/support/model-files.ts'

// Changes whose every effect follows from who made them and how many came before: so a database can be compared, row by row, with
// what was acknowledged. Each writer has rows of its own and makes one transaction after another.

const seal = createAuditSeal(Buffer.alloc(32, 7))
const audit = createWriteAudit({ clock: systemClock, newId: createNewId(systemClock.now), seal })

export const writers = 3

/** The items of a transaction are deleted by the one that comes so much later. */
const lifetime = 7
/** Every so many transactions of a writer a table is made and the one before it dropped. */
const tableEvery = 10

type Item = { n: number; body: string; tag: string; doc: { writer: number; seq: number; n: number } }
type Plan = { items: Item[]; slots: { k: number; value: string }[] }

export async function makeLedger(database: Database): Promise<void> {
  await database.transaction(async (trx) => {
    const run = (text: string) => sql.raw(text).execute(trx)
    await run('create table ledger (writer int, seq int, items int not null, primary key (writer, seq))')
    await run(`create table item (id bigint generated always as identity primary key, writer int, seq int, n int, body text, tag text,
      doc jsonb, unique (writer, seq, n))`)
    await run('create index item_tag on item (tag)')
    await run('create index item_doc on item using gin (doc jsonb_path_ops)')
    await run('create table slot (writer int, k int, seq int, value text, primary key (writer, k))')
    await run('create index slot_value on slot (value)')
  })
}

function planOf(writer: number, seq: number): Plan {
  const random = seededRandom(writer * 1_000_003 + seq * 7_919)
  const text = (bytes: number) => {
    const parts: string[] = []
    for (let n = 0; n * 64 < bytes; n++) parts.push(createHash('sha256').update(`${writer} ${seq} ${n}`).digest('hex'))
    return parts.join('').slice(0, bytes)
  }
  const items = Array.from({ length: 1 + Math.floor(random() * 12) }, (_none, n) => ({
    n,
    // Every tenth is stored outside its row.
    body: text(random() < 0.1 ? 9_000 + Math.floor(random() * 30_000) : 20 + Math.floor(random() * 500)),
    tag: `tag ${Math.floor(random() * 50)}`,
    doc: { writer, seq, n },
  }))
  const slots = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
    k: Math.floor(random() * 40),
    value: text(30 + Math.floor(random() * 200)),
  }))
  return { items, slots }
}

const undone = new Error('undone on purpose')

/** Transaction `seq` (from 1) of a writer; resolves when it is acknowledged. Now and then one that is rolled back comes before it. */
export async function write(database: Database, writer: number, seq: number): Promise<void> {
  if (seq % 9 === 0) {
    await database
      .transaction(async (trx) => {
        await apply(trx, writer, seq, planOf(writer, seq + 1_000_000))
        throw undone
      })
      .catch((error: unknown) => {
        if (error !== undone) throw error
      })
  }
  await database.transaction((trx) => apply(trx, writer, seq, planOf(writer, seq)))
}

async function apply(trx: Trx, writer: number, seq: number, { items, slots }: Plan): Promise<void> {
  for (const { n, body, tag, doc } of items) {
    await sql`insert into item (writer, seq, n, body, tag, doc)
      values (${writer}, ${seq}, ${n}, ${body}, ${tag}, ${JSON.stringify(doc)}::jsonb)`.execute(trx)
  }
  for (const { k, value } of slots) {
    await sql`insert into slot values (${writer}, ${k}, ${seq}, ${value})
      on conflict (writer, k) do update set seq = excluded.seq, value = excluded.value`.execute(trx)
  }
  await sql`delete from item where writer = ${writer} and seq = ${seq - lifetime}`.execute(trx)
  if (seq % tableEvery === 0) {
    await sql
      .raw(`create table extra_${writer}_${seq} as select g as id, md5(g::text) as body from generate_series(1, 500) g`)
      .execute(trx)
    await sql.raw(`create unique index on extra_${writer}_${seq} (id)`).execute(trx)
    await sql.raw(`drop table if exists extra_${writer}_${seq - tableEvery}`).execute(trx)
  }
  await sql`insert into ledger values (${writer}, ${seq}, ${items.length})`.execute(trx)
  if (writer !== 0) return
  await audit(trx, {
    actor: systemActor,
    action: 'ledger.write',
    object: { type: 'ledger', id: String(seq) },
    after: { seq },
  })
}

/**
 * Throws unless the database holds, for each writer, exactly the effects of its first so many transactions: all that were
 * acknowledged, and at most the one that was under way.
 * @returns how many transactions each writer has
 */
export async function checkLedger(database: Database, acknowledged: readonly number[]): Promise<number[]> {
  const reached: number[] = []
  for (const [writer, least] of acknowledged.entries()) {
    const { rows } = await sql<{ seq: number }>`select seq from ledger where writer = ${writer} order by seq`.execute(
      database.db,
    )
    const last = rows.length
    if (rows.some(({ seq }, index) => seq !== index + 1))
      throw new Error(`writer ${writer} has a gap in its transactions`)
    if (last < least) throw new Error(`writer ${writer} was told of ${least} transactions, ${last} are there`)
    if (last > least + 1) throw new Error(`writer ${writer} was told of ${least} transactions and ${last} are there`)
    await compare(database, writer, last)
    reached.push(last)
  }
  await compareIndexes(database)
  const trail = await verifyAudit({ db: database.db, seal, anchor: () => Promise.resolve(null) })
  if (!trail.ok || trail.events < (reached[0] ?? 0)) throw new Error(`the audit trail: ${trail.message}`)
  return reached
}

/** What an inverted index finds must be what is in the table; B-trees have a check of their own. */
async function compareIndexes(database: Database): Promise<void> {
  const count = (path: 'seqscan' | 'bitmapscan') =>
    database.transaction(async (trx) => {
      await sql.raw(`set local enable_${path} = off`).execute(trx)
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from item where doc @> '{"writer": 1}' or doc @> '{"n": 0}'`.execute(trx)
      return rows[0]?.n
    })
  const [byIndex, byTable] = [await count('seqscan'), await count('bitmapscan')]
  if (byIndex !== byTable) throw new Error(`the inverted index finds ${byIndex} rows of ${byTable}`)
}

async function compare(database: Database, writer: number, last: number): Promise<void> {
  const items: unknown[] = []
  const slots = new Map<number, unknown>()
  for (let seq = 1; seq <= last; seq++) {
    const plan = planOf(writer, seq)
    if (seq > last - lifetime) items.push(...plan.items.map(({ n, body, tag, doc }) => ({ seq, n, body, tag, doc })))
    for (const { k, value } of plan.slots) slots.set(k, { k, seq, value })
  }
  const rowsOf = async (query: string) => (await sql.raw(query).execute(database.db)).rows
  const differs = (what: string, found: unknown, expected: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(expected))
      throw new Error(`writer ${writer}, ${last} transactions: ${what} differ`)
  }
  const select = `select seq, n, body, tag, json_build_object('writer', doc->'writer', 'seq', doc->'seq', 'n', doc->'n') as doc`
  differs('items', await rowsOf(`${select} from item where writer = ${writer} order by seq, n`), items)
  differs(
    'slots',
    await rowsOf(`select k, seq, value from slot where writer = ${writer} order by k`),
    [...slots.entries()].sort(([a], [b]) => a - b).map(([, slot]) => slot),
  )
  const tables = await rowsOf(
    `select relname as name from pg_class where relkind = 'r' and relname like 'extra\\_${writer}\\_%'`,
  )
  const newest = last - (last % tableEvery)
  differs('tables', tables, newest === 0 ? [] : [{ name: `extra_${writer}_${newest}` }])
  if (newest > 0)
    differs('rows', await rowsOf(`select count(*)::int as n from extra_${writer}_${newest}`), [{ n: 500 }])
}
