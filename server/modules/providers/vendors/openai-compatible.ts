import { addressText, secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import { facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

/** Any server that speaks the OpenAI dialect. Nothing is known of its list, so only a token it answers with proves the key. */
export const openaiCompatible: Vendor = openaiLike({
  kind: 'openai-compatible',
  title: 'OpenAI-compatible server',
  homepage: 'https://platform.openai.com/docs/api-reference',
  fields: {
    baseUrl: addressText('Base address', {
      example: 'https://llm.example.com/v1',
      help: 'What stands before /chat/completions.',
    }),
    apiKey: secretText('API key', { required: false }),
  },
  base: '{baseUrl}',
  row: (row) =>
    facts({
      context: tokens(row.number('max_model_len') ?? row.number('context_length') ?? row.number('context_window')),
    }),
  proof: { type: 'one-token', says: 'one token of the first model it lists' },
  prices: { genaiPrices: null, modelsDev: null },
  docs: [{ url: 'https://platform.openai.com/docs/api-reference/chat', date: '2026-11-23', basis: 'recalled' }],
})
