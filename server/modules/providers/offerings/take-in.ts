import type { OfferingFacts, OfferingUse, ValueChange } from '../../../../contract/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Trx } from '../../../platform/db/index.ts'
import type { ProviderDeps } from '../deps.ts'
import { bundledFacts } from './bundled-facts.ts'
import { makeRow } from './make-row.ts'
import { changedFields, type Entry, effective, isDeprecated, type Said } from './said.ts'
import {
  keyOf,
  lockOfferingRows,
  type OfferingKey,
  type OfferingRow,
  usersOfOfferings,
  writeOfferingRows,
} from './store.ts'

export type Deprecated = OfferingKey & { date: string | null; replacement: string | null; usedBy: OfferingUse[] }
export type TakenIn = {
  created: OfferingKey[]
  changed: (OfferingKey & { fields: string[]; values: ValueChange[] })[]
  unchanged: number
  /** How many are deprecated now and were not before. */
  deprecated: number
  /** Those of them that versions use. */
  deprecatedInUse: Deprecated[]
}

/** Rows of one transaction: others have their turn between two of them. */
const rowsAtOnce = 250
const shownUsers = 50

/**
 * Takes in what one source says of offerings: the new statement replaces the source's old one, those of other sources stay. Entries
 * must name each offering once.
 */
export async function takeIn(
  deps: Pick<ProviderDeps, 'database' | 'clock' | 'newId' | 'audit'>,
  input: {
    actor: Actor
    from: 'bundled' | 'catalog' | 'listed'
    source: string
    at: string
    entries: readonly Entry[]
  },
  signal?: AbortSignal,
): Promise<TakenIn> {
  const result: TakenIn = { created: [], changed: [], unchanged: 0, deprecated: 0, deprecatedInUse: [] }
  // Loaded once, and before a transaction is open.
  const bundled = await bundledFacts()
  for (let i = 0; i < input.entries.length; i += rowsAtOnce) {
    signal?.throwIfAborted()
    const entries = input.entries.slice(i, i + rowsAtOnce)
    const part = await deps.database.transaction(async (trx) => {
      const before = await lockOfferingRows(trx, entries)
      const rows = entries.map((entry) => merge(deps, before.get(keyOf(entry)), entry, input, bundled))
      await writeOfferingRows(trx, rows)
      return tell(deps, trx, input.actor, { before, rows, from: input.from })
    })
    result.created.push(...part.created)
    result.changed.push(...part.changed)
    result.unchanged += part.unchanged
    result.deprecated += part.deprecated
    result.deprecatedInUse.push(...part.deprecatedInUse)
  }
  return result
}

type Source = { from: 'bundled' | 'catalog' | 'listed'; source: string; at: string }

function merge(
  deps: Pick<ProviderDeps, 'clock' | 'newId'>,
  old: OfferingRow | undefined,
  { provider, model, values }: Entry,
  { from, source, at }: Source,
  bundled: Awaited<ReturnType<typeof bundledFacts>>,
): OfferingRow {
  const now = deps.clock.date()
  const said: Said = { source, at, values }
  const row = {
    id: old?.id ?? deps.newId('offering'),
    provider,
    model,
    // What a list or a catalog names is listed.
    unlisted: false,
    bundled: old?.bundled ?? (from === 'bundled' ? null : bundled.find(provider, model)),
    catalog: old?.catalog ?? null,
    listed: old?.listed ?? null,
    override: old?.override ?? {},
    created_at: old?.created_at ?? now,
    updated_at: now,
  }
  return makeRow({ ...row, [from]: from === 'listed' ? withOldRegions(said, old?.listed) : said })
}

/** Each credential sees the regions that it is for: together they make the list. */
function withOldRegions(said: Said, old: Said | null | undefined): Said {
  const regions = [...new Set([...(old?.values.regions ?? []), ...(said.values.regions ?? [])])].slice(0, 100)
  return regions.length === 0 ? said : { ...said, values: { ...said.values, regions } }
}

/** Compares before and after; each deprecation of what is in use becomes an audit event of its own. */
export async function tell(
  deps: Pick<ProviderDeps, 'audit'>,
  trx: Trx,
  actor: Actor,
  input: {
    before: ReadonlyMap<string, OfferingRow>
    rows: readonly OfferingRow[]
    from: 'bundled' | 'catalog' | 'listed' | 'override'
  },
): Promise<TakenIn> {
  const result: TakenIn = { created: [], changed: [], unchanged: 0, deprecated: 0, deprecatedInUse: [] }
  const ended: OfferingRow[] = []
  for (const row of input.rows) {
    const { provider, model } = row
    const old = input.before.get(keyOf(row))
    if (old === undefined) result.created.push({ provider, model })
    else {
      const [was, is] = [saidBy(old, input.from), saidBy(row, input.from)]
      const fields = changedFields(was, is)
      if (fields.length === 0) result.unchanged++
      else result.changed.push({ provider, model, fields, values: fields.map((field) => valueChange(field, was, is)) })
    }
    if (isDeprecated(effective(row)) && (old === undefined || !isDeprecated(effective(old)))) ended.push(row)
  }
  result.deprecated = ended.length
  const users = await usersOfOfferings(trx, ended, shownUsers)
  for (const row of ended) {
    const usedBy = users.get(keyOf(row)) ?? []
    if (usedBy.length === 0) continue
    const { deprecated = null, replacement = null } = effective(row)
    result.deprecatedInUse.push({ provider: row.provider, model: row.model, date: deprecated, replacement, usedBy })
    await deps.audit(trx, {
      actor,
      action: 'offering.deprecated',
      object: { type: 'offering', id: row.id, name: keyOf(row) },
      after: { date: deprecated, replacement },
      evidence: { usedBy: usedBy.map(({ versionId, name }) => ({ versionId, name })) },
    })
  }
  return result
}

const valueChange = (field: string, was: OfferingFacts, is: OfferingFacts): ValueChange => {
  const [before, after] = [was, is].map((facts) => facts[field as keyof OfferingFacts] ?? null)
  return { field, before: before ?? null, after: after ?? null }
}

const saidBy = (row: OfferingRow, from: 'bundled' | 'catalog' | 'listed' | 'override'): OfferingFacts =>
  from === 'override' ? effective(row) : (row[from]?.values ?? {})
