import type { ProviderDeps } from '../deps.ts'
import { makeRow } from './make-row.ts'
import {
  deleteOfferingRows,
  keyOf,
  lockOfferingRows,
  type OfferingKey,
  type OfferingRow,
  usersOfOfferings,
  writeOfferingRows,
} from './store.ts'

const rowsAtOnce = 250

/**
 * Takes back what a catalog said of offerings that it names no more. Nothing is called retired for it; a row of which nothing else is
 * known, and that nobody uses, goes.
 */
export async function dropFromCatalog(
  deps: Pick<ProviderDeps, 'database' | 'clock'>,
  gone: readonly OfferingKey[],
): Promise<void> {
  for (let i = 0; i < gone.length; i += rowsAtOnce) {
    await deps.database.transaction(async (trx) => {
      const rows = [...(await lockOfferingRows(trx, gone.slice(i, i + rowsAtOnce))).values()]
      const users = await usersOfOfferings(trx, rows, 1)
      const idle = rows.filter((row) => knownFromCatalogOnly(row) && !users.has(keyOf(row)))
      await deleteOfferingRows(
        trx,
        idle.map(({ id }) => id),
      )
      const kept = rows.filter((row) => !idle.includes(row))
      const now = deps.clock.date()
      await writeOfferingRows(
        trx,
        kept.map((row) => makeRow({ ...row, catalog: null, updated_at: now })),
      )
    })
  }
}

const knownFromCatalogOnly = ({ bundled, listed, override, probe, unlisted }: OfferingRow): boolean =>
  bundled === null && listed === null && probe === null && !unlisted && Object.keys(override).length === 0
