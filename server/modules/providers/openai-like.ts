import { secretText } from './fields.ts'
import type { ListedModel, Row, Vendor, VendorList } from './vendor.ts'

type Given = Pick<Vendor, 'kind' | 'title' | 'homepage' | 'base' | 'prices' | 'docs'> &
  Partial<Omit<Vendor, 'dialect'>> & {
    /** What a row of `GET /models` says beside the id. */
    row?: (row: Row) => ListedModel['facts'] | null
  }

/**
 * A provider that speaks the OpenAI dialect: `GET /models` with a bearer key lists `data[].id`, and the list needs the key. What
 * differs is given.
 */
export function openaiLike({ row, ...given }: Given): Vendor {
  return {
    dialect: 'openai',
    fields: { apiKey: secretText('API key') },
    auth: { type: 'bearer', field: 'apiKey' },
    list: openaiList(row),
    proof: { type: 'list', says: 'its list of models, which it shows to valid keys only' },
    ...given,
  }
}

/** `GET <path>` with rows in `data`, each with an `id`. */
export function openaiList(facts: Given['row'] = () => ({}), path = '/models'): VendorList {
  return {
    request: { method: 'GET', path },
    rows: 'data',
    read: (row) => {
      const model = row.text('id')
      const said = model === undefined ? null : facts(row)
      return model === undefined || said === null ? null : { model, facts: said }
    },
  }
}
