import { secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import type { Vendor } from '../vendor.ts'

export const openai: Vendor = openaiLike({
  kind: 'openai',
  title: 'OpenAI',
  homepage: 'https://platform.openai.com',
  base: 'https://api.openai.com/v1',
  fields: { apiKey: secretText('API key', { example: 'sk-proj-…' }) },
  maxTokensField: 'max_completion_tokens',
  errors: [
    { status: 403, match: /unsupported_country_region_territory|country, region/i, code: 'region_refused' },
    { status: 429, match: /insufficient_quota|billing/i, code: 'quota_exceeded' },
    { status: 401, match: /missing scopes|insufficient permissions/i, code: 'no_permission' },
  ],
  prices: { genaiPrices: 'openai', modelsDev: 'openai' },
  docs: [
    { url: 'https://platform.openai.com/docs/api-reference/models/list', date: '2026-11-23', basis: 'recalled' },
    { url: 'https://platform.openai.com/docs/guides/error-codes', date: '2026-11-23', basis: 'recalled' },
  ],
})
