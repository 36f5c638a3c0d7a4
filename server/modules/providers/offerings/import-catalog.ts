import { createHash } from 'node:crypto'
import type { CatalogImport } from '../../../../contract/index.ts'
import { HubError, invalid, upstream } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { takeTurn } from '../../../platform/db/index.ts'
import type { ProviderDeps } from '../deps.ts'
import { dropFromCatalog } from './drop-from-catalog.ts'
import { parseModelsDev } from './parse-models-dev.ts'
import { keyOf, readCatalogKeys, writeCatalogVersion, writeProviderInfo } from './store.ts'
import { takeIn } from './take-in.ts'

const source = 'models.dev'
/** Where it is published; the same format as its repository's. */
const address = 'https://models.dev/api.json'
const mostBytes = 32 << 20
const shown = { problems: 1_000, changes: 200 }

/**
 * Takes in a catalog in the format of models.dev: what it said before is replaced, what it names no more is taken back.
 * Throws `invalid` `catalog_empty` when not one row fits: then nothing has changed.
 */
export async function importCatalog(
  deps: ProviderDeps,
  actor: Actor,
  input: { document: Readonly<Record<string, unknown>>; at?: string },
  signal?: AbortSignal,
): Promise<CatalogImport> {
  const at = input.at ?? deps.clock.date().toISOString()
  const { entries, providers, problems } = await parseModelsDev(input.document, signal)
  if (entries.length === 0) {
    throw invalid(
      'catalog_empty',
      'Not one model of this catalog can be read.',
      'Give the file providers.json or api.json of models.dev.',
      { details: { problems: problems.slice(0, 20) } },
    )
  }
  return takeTurn(deps.database, 'modelhub.catalog', async () => {
    const known = await readCatalogKeys(deps.database.db)
    const taken = await takeIn(deps, { actor, from: 'catalog', source, at, entries }, signal)
    const named = new Set(entries.map(keyOf))
    const gone = known.filter((key) => !named.has(keyOf(key)))
    await dropFromCatalog(deps, gone)
    const answer: CatalogImport = {
      source,
      at,
      providers: providers.length,
      offerings: entries.length,
      created: taken.created.length,
      changed: taken.changed.length,
      unchanged: taken.unchanged,
      gone: gone.length,
      deprecated: taken.deprecated,
      problemCount: problems.length,
      problems: problems.slice(0, shown.problems),
      changes: taken.changed.slice(0, shown.changes),
      goneModels: gone.slice(0, shown.changes),
      deprecatedInUse: taken.deprecatedInUse,
    }
    const digest = createHash('sha256').update(JSON.stringify(input.document)).digest('hex')
    await deps.database.transaction(async (trx) => {
      await writeProviderInfo(
        trx,
        providers.map((provider) => ({ ...provider, source, at: new Date(at) })),
      )
      await writeCatalogVersion(trx, {
        source,
        version: digest,
        offerings: entries.length,
        problems: problems.length,
        at: deps.clock.date(),
      })
      const { offerings, created, changed, unchanged, deprecated, problemCount } = answer
      await deps.audit(trx, {
        actor,
        action: 'offering.import',
        object: { type: 'catalog', id: source },
        after: {
          at,
          offerings,
          created,
          changed,
          unchanged,
          gone: gone.length,
          deprecated,
          problems: problemCount,
          digest,
        },
      })
    })
    return answer
  })
}

/** Fetches the catalog from models.dev and takes it in. */
export async function refreshCatalog(deps: ProviderDeps, actor: Actor, signal?: AbortSignal): Promise<CatalogImport> {
  const response = await deps.net.request(address, { headers: { accept: 'application/json' } }, signal)
  if (response.status !== 200) {
    response.body.destroy()
    throw upstream(
      'catalog_unavailable',
      `models.dev answered ${response.status}.`,
      'Try again later, or import a file.',
    )
  }
  const document = await response.json(mostBytes)
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new HubError({
      kind: 'upstream',
      code: 'catalog_unavailable',
      message: 'models.dev answered something that is no catalog.',
      remedy: 'Try again later, or import a file.',
    })
  }
  return importCatalog(deps, actor, { document: document as Record<string, unknown> }, signal)
}
