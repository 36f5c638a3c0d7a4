import { secretText } from '../fields.ts'
import { facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

/** What each generation method is at our gateway. */
const endpointOf: Readonly<Record<string, 'chat.completions' | 'embeddings'>> = {
  generateContent: 'chat.completions',
  embedContent: 'embeddings',
}

export const gemini: Vendor = {
  kind: 'gemini',
  title: 'Google Gemini API',
  homepage: 'https://ai.google.dev',
  dialect: 'gemini',
  fields: { apiKey: secretText('API key', { example: 'AIza…' }) },
  base: 'https://generativelanguage.googleapis.com/v1beta',
  auth: { type: 'header', name: 'x-goog-api-key', field: 'apiKey' },
  list: {
    request: { method: 'GET', path: '/models', query: { pageSize: '1000' } },
    rows: 'models',
    paging: { type: 'token', next: 'nextPageToken', param: 'pageToken' },
    read: (row) => {
      const model = row.text('name')?.replace(/^models\//, '')
      if (model === undefined) return null
      const endpoints = (row.texts('supportedGenerationMethods') ?? []).flatMap((method) => endpointOf[method] ?? [])
      return {
        model,
        facts: facts({
          name: row.text('displayName'),
          context: tokens(row.number('inputTokenLimit')),
          outputLimit: tokens(row.number('outputTokenLimit')),
          endpoints: endpoints.length === 0 ? undefined : endpoints,
          reasoning: row.flag('thinking'),
        }),
      }
    },
  },
  proof: { type: 'list', says: 'its list of models, which it shows to valid keys only' },
  errors: [
    { status: 400, match: /API_KEY_INVALID|API key not valid|API key expired/i, code: 'key_refused' },
    { status: 400, match: /location is not supported/i, code: 'region_refused' },
    { status: 429, match: /quota/i, code: 'quota_exceeded' },
  ],
  prices: { genaiPrices: 'google', modelsDev: 'google' },
  docs: [
    { url: 'https://ai.google.dev/api/models', date: '2026-11-23', basis: 'recalled' },
    { url: 'https://ai.google.dev/gemini-api/docs/troubleshooting', date: '2026-11-23', basis: 'recalled' },
  ],
}
