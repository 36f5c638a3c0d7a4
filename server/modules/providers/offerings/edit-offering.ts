import { type Offering, offeringFields, type UpdateOffering } from '../../../../contract/index.ts'
import { invalid } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { ProviderDeps } from '../deps.ts'
import { vendors } from '../vendors/index.ts'
import { bundledFacts } from './bundled-facts.ts'
import { makeRow } from './make-row.ts'
import { getOffering, noOffering } from './read-offerings.ts'
import type { Override } from './said.ts'
import { keyOf, lockOffering, lockOfferingRows, readProviderInfo, writeOfferingRows } from './store.ts'
import { tell } from './take-in.ts'

/** Says something of an offering that goes before every other source, with a reason; null takes it back. */
export async function overrideOffering(
  deps: ProviderDeps,
  actor: Actor,
  id: string,
  { reason, ...given }: UpdateOffering,
): Promise<Offering> {
  const fields = offeringFields.filter((field) => given[field] !== undefined)
  if (fields.length === 0) throw invalid('nothing_to_change', 'No value is given.', 'Name a field and its value.')
  await deps.database.transaction(async (trx) => {
    const row = await lockOffering(trx, id)
    if (row === undefined) throw noOffering(id)
    const at = deps.clock.date().toISOString()
    const override: Record<string, unknown> = { ...row.override }
    for (const field of fields) {
      const value = given[field]
      if (value === null) delete override[field]
      else override[field] = { value, at, by: actor.name, reason }
    }
    const next = makeRow({ ...row, override: override as Override, updated_at: deps.clock.date() })
    await writeOfferingRows(trx, [next])
    await tell(deps, trx, actor, { before: new Map([[keyOf(row), row]]), rows: [next], from: 'override' })
    await deps.audit(trx, {
      actor,
      action: 'offering.override',
      object: { type: 'offering', id, name: keyOf(row) },
      reason,
      before: Object.fromEntries(fields.map((field) => [field, row.override[field]?.value ?? null])),
      after: Object.fromEntries(fields.map((field) => [field, given[field] ?? null])),
    })
  })
  return getOffering(deps, id)
}

/** Names a model that no list has. One that is known is answered as it is. Throws `invalid` for an unknown provider. */
export async function nameOffering(
  deps: ProviderDeps,
  actor: Actor,
  { provider, model }: { provider: string; model: string },
): Promise<Offering> {
  const known = (await readProviderInfo(deps.database.db)).some((info) => info.provider === provider)
  if (!known && vendors.get(provider).list === null) {
    throw invalid('provider_lists_nothing', `${provider} sells no models.`, 'Its token is for sources.')
  }
  const bundled = (await bundledFacts()).find(provider, model)
  const id = await deps.database.transaction(async (trx) => {
    const old = (await lockOfferingRows(trx, [{ provider, model }])).get(keyOf({ provider, model }))
    if (old !== undefined) return old.id
    const now = deps.clock.date()
    const row = makeRow({
      id: deps.newId('offering'),
      provider,
      model,
      unlisted: true,
      bundled,
      catalog: null,
      listed: null,
      override: {},
      created_at: now,
      updated_at: now,
    })
    await writeOfferingRows(trx, [row])
    await deps.audit(trx, {
      actor,
      action: 'offering.create',
      object: { type: 'offering', id: row.id, name: keyOf(row) },
      after: { unlisted: true },
    })
    return row.id
  })
  return getOffering(deps, id)
}
