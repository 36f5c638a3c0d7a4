import { openaiLike } from '../openai-like.ts'
import { facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const fireworks: Vendor = openaiLike({
  kind: 'fireworks',
  title: 'Fireworks AI',
  homepage: 'https://fireworks.ai',
  base: 'https://api.fireworks.ai/inference/v1',
  row: (row) => {
    const images = row.flag('supports_image_input')
    return facts({
      context: tokens(row.number('context_length')),
      tools: row.flag('supports_tools'),
      endpoints: row.flag('supports_chat') === true ? ['chat.completions'] : undefined,
      inputModalities: images === undefined ? undefined : images ? ['text', 'image'] : ['text'],
    })
  },
  proof: {
    type: 'request',
    says: "the key's own accounts",
    request: { method: 'GET', path: 'https://api.fireworks.ai/v1/accounts', query: { pageSize: '1' } },
  },
  errors: [
    { status: 412, code: 'quota_exceeded' },
    { status: 402, code: 'quota_exceeded' },
  ],
  prices: { genaiPrices: 'fireworks', modelsDev: 'fireworks-ai' },
  docs: [
    { url: 'https://docs.fireworks.ai/api-reference/list-models', date: '2026-11-23', basis: 'recalled' },
    { url: 'https://docs.fireworks.ai/api-reference/list-accounts', date: '2026-11-23', basis: 'recalled' },
  ],
})
