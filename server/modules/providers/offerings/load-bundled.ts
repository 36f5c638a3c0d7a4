import { systemActor } from '../../../platform/actor.ts'
import { takeTurn } from '../../../platform/db/index.ts'
import type { ProviderDeps } from '../deps.ts'
import { bundledCatalog, bundledFacts } from './bundled-facts.ts'
import { readCatalogVersion, writeCatalogVersion } from './store.ts'
import { takeIn } from './take-in.ts'

const name = 'bundled'

/**
 * Takes in the shipped price data where this database does not have this version of it yet. Safe to call at every start.
 * @returns how many offerings were taken in
 */
export async function loadBundledCatalog(
  deps: Pick<ProviderDeps, 'database' | 'clock' | 'newId' | 'audit'>,
  signal?: AbortSignal,
): Promise<number> {
  if ((await readCatalogVersion(deps.database.db, name)) === bundledCatalog.version) return 0
  return takeTurn(deps.database, 'modelhub.catalog', async () => {
    if ((await readCatalogVersion(deps.database.db, name)) === bundledCatalog.version) return 0
    const entries = await (await bundledFacts()).all()
    const source = `${bundledCatalog.name} ${bundledCatalog.version}`
    await takeIn(deps, { actor: systemActor, from: 'bundled', source, at: bundledCatalog.at, entries }, signal)
    await deps.database.transaction((trx) =>
      writeCatalogVersion(trx, {
        source: name,
        version: bundledCatalog.version,
        offerings: entries.length,
        problems: 0,
        at: deps.clock.date(),
      }),
    )
    return entries.length
  })
}
