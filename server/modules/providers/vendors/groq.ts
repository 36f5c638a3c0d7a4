import { openaiLike } from '../openai-like.ts'
import { facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const groq: Vendor = openaiLike({
  kind: 'groq',
  title: 'Groq',
  homepage: 'https://console.groq.com',
  base: 'https://api.groq.com/openai/v1',
  row: (row) =>
    facts({
      context: tokens(row.number('context_window')),
      outputLimit: tokens(row.number('max_completion_tokens')),
      status: row.flag('active') === true ? 'active' : undefined,
    }),
  errors: [{ status: 404, match: /model_not_found|decommissioned/i, code: 'unknown_model' }],
  prices: { genaiPrices: 'groq', modelsDev: 'groq' },
  docs: [{ url: 'https://console.groq.com/docs/api-reference#models-list', date: '2026-11-23', basis: 'recalled' }],
})
