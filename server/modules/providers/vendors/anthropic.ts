import { secretText } from '../fields.ts'
import { day, facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const anthropic: Vendor = {
  kind: 'anthropic',
  title: 'Anthropic',
  homepage: 'https://console.anthropic.com',
  dialect: 'anthropic',
  fields: { apiKey: secretText('API key', { example: 'sk-ant-…' }) },
  base: 'https://api.anthropic.com/v1',
  auth: { type: 'header', name: 'x-api-key', field: 'apiKey' },
  headers: { 'anthropic-version': '2023-06-01' },
  list: {
    request: { method: 'GET', path: '/models', query: { limit: '1000' } },
    rows: 'data',
    paging: { type: 'cursor', next: 'last_id', more: 'has_more', param: 'after_id' },
    read: (row) => {
      const model = row.text('id')
      if (model === undefined) return null
      return {
        model,
        facts: facts({
          name: row.text('display_name'),
          released: day(row.text('created_at')),
          context: tokens(row.number('max_input_tokens')),
          outputLimit: tokens(row.number('max_tokens')),
        }),
      }
    },
  },
  proof: { type: 'list', says: 'its list of models, which it shows to valid keys only' },
  errors: [
    { status: 400, match: /credit balance is too low/i, code: 'quota_exceeded' },
    { status: 529, code: 'overloaded' },
  ],
  prices: { genaiPrices: 'anthropic', modelsDev: 'anthropic' },
  docs: [
    { url: 'https://docs.anthropic.com/en/api/models-list', date: '2026-11-23', basis: 'documentation' },
    { url: 'https://docs.anthropic.com/en/api/errors', date: '2026-11-23', basis: 'recalled' },
  ],
}
