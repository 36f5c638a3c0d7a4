import { vendors } from '../vendors/index.ts'
import { effective, type SaidBySource } from './said.ts'
import type { OfferingRow } from './store.ts'

type Given = SaidBySource & Pick<OfferingRow, 'id' | 'provider' | 'model' | 'unlisted' | 'created_at' | 'updated_at'>

const longestSearch = 600

/** A row with what holds of it all in the columns that lists filter on. */
export function makeRow(given: Given): OfferingRow {
  const values = effective(given)
  const title = vendors.find(given.provider)?.title ?? ''
  const words = [given.provider, title, given.model, values.name ?? '', values.family ?? '']
  return {
    ...given,
    name: values.name ?? null,
    family: values.family ?? null,
    input_price: values.inputPrice ?? null,
    output_price: values.outputPrice ?? null,
    context: values.context ?? null,
    modalities: [...new Set([...(values.inputModalities ?? []), ...(values.outputModalities ?? [])])],
    status: values.status ?? null,
    search: words.join(' ').toLowerCase().slice(0, longestSearch),
    probe: null,
  }
}
