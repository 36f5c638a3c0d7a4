import { addressText, secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import { facts } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const ollama: Vendor = openaiLike({
  kind: 'ollama',
  title: 'Ollama',
  homepage: 'https://ollama.com',
  fields: {
    endpoint: addressText('Address', { example: 'http://127.0.0.1:11434' }),
    apiKey: secretText('API key', { required: false, help: 'Ollama itself has none; a proxy before it may.' }),
  },
  base: '{endpoint}/v1',
  list: {
    request: { method: 'GET', path: '{endpoint}/api/tags' },
    rows: 'models',
    read: (row) => {
      const model = row.text('model') ?? row.text('name')
      return model === undefined
        ? null
        : { model, facts: facts({ family: row.text('details.family'), openWeights: true }) }
    },
  },
  proof: {
    type: 'list',
    says: 'its list of models: there is no key that could be proved, unless a proxy asks for one',
  },
  prices: { genaiPrices: null, modelsDev: null },
  docs: [{ url: 'https://docs.ollama.com/api/tags', date: '2026-11-23', basis: 'recalled' }],
})
