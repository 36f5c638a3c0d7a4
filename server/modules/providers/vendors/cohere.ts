import { secretText } from '../fields.ts'
import { facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

const endpointOf: Readonly<Record<string, 'chat.completions' | 'embeddings' | 'rerank'>> = {
  chat: 'chat.completions',
  embed: 'embeddings',
  rerank: 'rerank',
}

export const cohere: Vendor = {
  kind: 'cohere',
  title: 'Cohere',
  homepage: 'https://dashboard.cohere.com',
  dialect: 'cohere',
  fields: { apiKey: secretText('API key') },
  base: 'https://api.cohere.com',
  auth: { type: 'bearer', field: 'apiKey' },
  list: {
    request: { method: 'GET', path: '/v1/models', query: { page_size: '1000' } },
    rows: 'models',
    paging: { type: 'token', next: 'next_page_token', param: 'page_token' },
    read: (row) => {
      const model = row.text('name')
      if (model === undefined) return null
      const endpoints = (row.texts('endpoints') ?? []).flatMap((name) => endpointOf[name] ?? [])
      return {
        model,
        facts: facts({
          context: tokens(row.number('context_length')),
          endpoints: endpoints.length === 0 ? undefined : endpoints,
          status: row.flag('is_deprecated') === true ? 'deprecated' : undefined,
        }),
      }
    },
  },
  proof: {
    type: 'request',
    says: 'its key check',
    request: { method: 'POST', path: '/v1/check-api-key' },
    refusal: (answer) => (answer.flag('valid') === true ? undefined : 'key_refused'),
  },
  errors: [
    { status: 401, match: /blocked/i, code: 'no_permission' },
    { status: 429, match: /trial key|monthly/i, code: 'quota_exceeded' },
    { status: 498, code: 'key_refused' },
  ],
  prices: { genaiPrices: 'cohere', modelsDev: 'cohere' },
  docs: [
    { url: 'https://docs.cohere.com/reference/list-models', date: '2026-11-23', basis: 'documentation' },
    { url: 'https://docs.cohere.com/reference/checkapikey', date: '2026-11-23', basis: 'recalled' },
  ],
}
