import { createHash } from 'node:crypto'
import { type Migration, readMigrations } from '../../../server/platform/db/index.ts'

/** Migrations of a later release, which rewrite, add and index what the load has written. */
export const laterMigrations: Migration[] = [
  [
    'later_columns',
    `alter table item add column length int; update item set length = length(body);
    alter table item alter column length set not null; create index item_length on item (length)`,
  ],
  ['later_types', 'alter table slot alter column seq type bigint; create table later (id int primary key, note text)'],
  [
    'later_rows',
    `insert into later select g, repeat(md5(g::text), 20) from generate_series(1, 2000) g;
    create index later_note on later (note)`,
  ],
].map(([name = '', sql = ''], index) => ({
  version: (readMigrations().at(-1)?.version ?? 0) + 1 + index,
  name,
  sql,
  checksum: createHash('sha256').update(sql).digest('hex'),
}))
