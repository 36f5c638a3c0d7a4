import { setImmediate as nextTurn } from 'node:timers/promises'
import * as z from 'zod'
import { invalid } from '../../../../kernel/index.ts'
import { day, facts, modalities, price, tokens } from '../units.ts'
import { vendors } from '../vendors/index.ts'
import type { Entry } from './said.ts'

export type CatalogProblem = { provider: string; model: string | null; problem: string }
export type ParsedCatalog = {
  entries: Entry[]
  providers: { provider: string; title: string; docs: string | null; api: string | null }[]
  problems: CatalogProblem[]
}

const mostProviders = 2_000
const mostRows = 200_000
const rowsPerTurn = 200

const amount = z.number().min(0).max(1_000_000).nullish()
const count = z.number().min(0).max(1_000_000_000).nullish()
const words = z.array(z.string().max(40)).max(20)

/** What is read of a row; other fields may come and go. A field of another type is a problem of the whole row. */
const CatalogRow = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'its id is not 1 to 200 visible characters'),
  name: z.string().max(200).nullish(),
  family: z.string().max(100).nullish(),
  release_date: z.string().max(40).nullish(),
  reasoning: z.boolean().nullish(),
  tool_call: z.boolean().nullish(),
  structured_output: z.boolean().nullish(),
  open_weights: z.boolean().nullish(),
  cost: z.object({ input: amount, output: amount, cache_read: amount, cache_write: amount }).nullish(),
  limit: z.object({ context: count, output: count }).nullish(),
  modalities: z.object({ input: words.nullish(), output: words.nullish() }).nullish(),
  status: z.enum(['alpha', 'beta', 'deprecated']).nullish(),
})

const CatalogProvider = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'its id does not fit'),
  name: z.string().min(1).max(100).nullish(),
  doc: z.string().max(500).nullish(),
  api: z.string().max(500).nullish(),
  // Not z.record: it leaves some keys out without a word.
  models: z.custom<Record<string, unknown>>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'it is no object',
  ),
})

const statusOf = { alpha: 'preview', beta: 'preview', deprecated: 'deprecated' } as const

/** Our kind of each of its providers that has a definition here. */
const kindOf = new Map(
  vendors.all.flatMap(({ kind, prices }) => (prices.modelsDev === null ? [] : [[prices.modelsDev, kind]])),
)

/**
 * Reads a catalog as models.dev publishes it. Each row is judged alone: one that does not fit is named and the others go on.
 * A missing price and a limit of 0 are unknown. Throws `invalid` `catalog_too_long`.
 */
export async function parseModelsDev(
  document: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
): Promise<ParsedCatalog> {
  const parsed: ParsedCatalog = { entries: [], providers: [], problems: [] }
  const seen = new Set<string>()
  let read = 0
  if (Object.keys(document).length > mostProviders) throw tooLong()
  for (const [id, value] of Object.entries(document)) {
    const provider = CatalogProvider.safeParse(value)
    const problem = provider.success
      ? provider.data.id === id
        ? undefined
        : 'its id is not its key'
      : why(provider.error)
    const kind = kindOf.get(id) ?? id
    // An id that one of our kinds has by chance would mix two providers.
    const clash = kind === id && vendors.find(id) !== undefined && kindOf.get(id) === undefined
    if (!provider.success || problem !== undefined || clash) {
      parsed.problems.push({
        provider: clip(id),
        model: null,
        problem: problem ?? 'its id means another provider here',
      })
      continue
    }
    const { name, doc, api, models } = provider.data
    parsed.providers.push({ provider: kind, title: name ?? kind, docs: webAddress(doc), api: webAddress(api) })
    for (const [model, row] of Object.entries(models)) {
      // Thousands of rows at once would keep everybody else waiting.
      if (++read % rowsPerTurn === 0) await nextTurn(undefined, signal === undefined ? {} : { signal })
      const found = readRow(kind, model, row)
      const twice = seen.has(`${kind}/${model}`)
      if ('problem' in found || twice) {
        const problem = 'problem' in found ? found.problem : 'it is there twice'
        parsed.problems.push({ provider: clip(id), model: clip(model), problem })
        continue
      }
      seen.add(`${kind}/${model}`)
      parsed.entries.push(found)
      if (parsed.entries.length > mostRows) throw tooLong()
    }
  }
  return parsed
}

function readRow(provider: string, key: string, value: unknown): Entry | { problem: string } {
  const row = CatalogRow.safeParse(value)
  if (!row.success) return { problem: why(row.error) }
  const { id, cost, limit, modalities: kinds, status, ...said } = row.data
  if (id !== key) return { problem: 'its id is not its key' }
  const values = facts({
    name: said.name ?? undefined,
    family: said.family ?? undefined,
    released: day(said.release_date ?? undefined),
    inputPrice: price(cost?.input ?? undefined),
    outputPrice: price(cost?.output ?? undefined),
    cacheReadPrice: price(cost?.cache_read ?? undefined),
    cacheWritePrice: price(cost?.cache_write ?? undefined),
    context: tokens(limit?.context ?? undefined),
    outputLimit: tokens(limit?.output ?? undefined),
    inputModalities: modalities(kinds?.input ?? undefined),
    outputModalities: modalities(kinds?.output ?? undefined),
    tools: said.tool_call ?? undefined,
    json: said.structured_output ?? undefined,
    reasoning: said.reasoning ?? undefined,
    openWeights: said.open_weights ?? undefined,
    status: status == null ? undefined : statusOf[status],
  })
  return { provider, model: id, values }
}

/** What does not fit, without quoting the value. */
function why(error: z.ZodError): string {
  const issue = error.issues[0]
  const field = issue?.path.map(String).join('.') ?? ''
  return clip(`${field === '' ? '' : `${field}: `}${issue?.message ?? 'it does not fit'}`)
}

const clip = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text)

function webAddress(text: string | null | undefined): string | null {
  return text != null && /^https?:\/\/[^\s<>"]+$/.test(text) ? text : null
}

const tooLong = () =>
  invalid(
    'catalog_too_long',
    `The catalog names more than ${mostProviders} providers or ${mostRows} models.`,
    'Give a file as models.dev publishes it.',
  )
