import { openaiLike } from '../openai-like.ts'
import type { Vendor } from '../vendor.ts'

export const deepseek: Vendor = openaiLike({
  kind: 'deepseek',
  title: 'DeepSeek',
  homepage: 'https://platform.deepseek.com',
  base: 'https://api.deepseek.com',
  proof: {
    type: 'request',
    says: "the key's balance",
    request: { method: 'GET', path: '/user/balance' },
    refusal: (answer) => (answer.flag('is_available') === false ? 'quota_exceeded' : undefined),
  },
  errors: [{ status: 402, code: 'quota_exceeded' }],
  prices: { genaiPrices: 'deepseek', modelsDev: 'deepseek' },
  docs: [
    { url: 'https://api-docs.deepseek.com/api/list-models', date: '2026-11-23', basis: 'recalled' },
    { url: 'https://api-docs.deepseek.com/api/get-user-balance', date: '2026-11-23', basis: 'recalled' },
    { url: 'https://api-docs.deepseek.com/quick_start/error_codes', date: '2026-11-23', basis: 'recalled' },
  ],
})
