import type { Offering, OfferingPage } from '../../../../contract/index.ts'
import { notFound } from '../../../../kernel/index.ts'
import type { Database, Db, Trx } from '../../../platform/db/index.ts'
import { decodeCursor, toPage } from '../../../platform/page.ts'
import { presentOffering } from './present.ts'
import {
  countMatchingOfferings,
  findOffering,
  findOfferingRows,
  keyOf,
  listOfferingRows,
  type OfferingFilter,
  type OfferingKey,
  type OfferingRow,
  readProviderInfo,
  readVisible,
  usersOfOfferings,
} from './store.ts'

type Deps = { database: Database }

/** Users of one offering that an answer names. */
const shownUsers = 50

export type OfferingQuery = Omit<OfferingFilter, 'after' | 'words' | 'limit'> & {
  limit: number
  cursor?: string
  q?: string
}

/** Offerings by provider and model. */
export async function listOfferings(deps: Deps, input: OfferingQuery): Promise<OfferingPage> {
  const { cursor, q, ...filter } = input
  const { db } = deps.database
  const [provider, model] = cursor === undefined ? [] : decodeCursor(cursor, ['text', 'text'])
  const words = (q ?? '').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 10)
  const total = await countMatchingOfferings(db, { ...filter, words })
  const rows = await listOfferingRows(db, {
    ...filter,
    words,
    ...(provider === undefined || model === undefined ? {} : { after: { provider, model } }),
  })
  const present = await presenter(db, rows)
  return { ...toPage(rows, input.limit, present, (row) => [row.provider, row.model]), total }
}

/** Throws `not_found`. */
export async function getOffering(deps: Deps, id: string): Promise<Offering> {
  const row = await mustFindOffering(deps.database.db, id)
  return (await presenter(deps.database.db, [row]))(row)
}

/** What a provider sells under this id; null: nothing is known of it. */
export async function findOfferingOf(deps: Deps, key: OfferingKey): Promise<Offering | null> {
  const [row] = await findOfferingRows(deps.database.db, [key])
  return row === undefined ? null : (await presenter(deps.database.db, [row]))(row)
}

export async function mustFindOffering(db: Db | Trx, id: string): Promise<OfferingRow> {
  const row = await findOffering(db, id)
  if (row === undefined) throw noOffering(id)
  return row
}

export const noOffering = (id: string) =>
  notFound('offering_not_found', `There is no offering "${id}".`, 'List them with `modelhub offerings ls`.')

async function presenter(db: Db, rows: readonly OfferingRow[]): Promise<(row: OfferingRow) => Offering> {
  const ids = rows.map(({ id }) => id)
  const users = await usersOfOfferings(db, rows, shownUsers)
  const visible = await readVisible(db, ids)
  const titles = new Map((await readProviderInfo(db)).map((info) => [info.provider, info.title]))
  return (row) =>
    presentOffering(row, {
      title: titles.get(row.provider),
      visible: visible.get(row.id) ?? null,
      usedBy: users.get(keyOf(row)) ?? [],
    })
}
