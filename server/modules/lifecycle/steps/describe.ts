import { scannerVersion } from '../../../../scanner/index.ts'
import { type FileRow, readFileRows } from '../../artifacts/index.ts'
import { getVersion, patchVersion } from '../../catalog/index.ts'
import { readFacts } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { deriveMetadata } from '../files/derive-metadata.ts'
import { readCard } from '../files/read-card.ts'
import { readText } from '../files/read-text.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Derives architecture, parameters, context, modality, tasks and endpoints from headers, config and card. */
export async function describe(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ keys: string[] }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  const facts = await readFacts(
    deps.database.db,
    rows.flatMap((row) => (isWeights(row) ? (row.sha256 ?? []) : [])),
    scannerVersion,
  )
  const files = rows.filter(isWeights).flatMap((row) => {
    const found = facts.get(row.sha256 ?? '')
    return found === undefined ? [] : [{ path: row.path, facts: found.facts }]
  })
  const cardRow = rows.find((row) => /^readme\.md$/i.test(row.path))
  const cardText = cardRow === undefined ? null : await readText(deps, cardRow)
  const config = await readConfig(deps, rows)
  const described = deriveMetadata(
    files,
    config,
    cardRow === undefined || cardText === null ? null : { path: cardRow.path, value: readCard(cardText) },
    deps.clock.date().toISOString(),
  )
  if (version.modality !== null && described.modality !== null && version.modality !== described.modality) {
    ctx.log('warn', `Registered as ${version.modality}, but the files say ${described.modality}.`)
  }
  await ctx.tx((trx) =>
    patchVersion(
      trx,
      ctx.versionId,
      {
        metadata: described.metadata,
        tasks: described.tasks,
        endpoints: described.endpoints,
        modality: described.modality ?? version.modality,
      },
      deps.clock.date(),
    ),
  )
  return { keys: Object.keys(described.metadata) }
}

const isWeights = (row: FileRow) => row.format === 'gguf' || row.format === 'safetensors'

async function readConfig(
  deps: LifecycleDeps,
  rows: readonly FileRow[],
): Promise<{ path: string; value: Record<string, unknown> } | null> {
  const row = rows.find(({ path }) => path === 'config.json')
  if (row === undefined) return null
  const text = await readText(deps, row)
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { path: row.path, value: value as Record<string, unknown> }
      : null
  } catch {
    // A config that is no JSON describes nothing; the scan says so.
    return null
  }
}
