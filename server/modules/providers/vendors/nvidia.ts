import { secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import type { Vendor } from '../vendor.ts'

export const nvidia: Vendor = openaiLike({
  kind: 'nvidia',
  title: 'NVIDIA NIM',
  homepage: 'https://build.nvidia.com',
  base: 'https://integrate.api.nvidia.com/v1',
  fields: { apiKey: secretText('API key', { example: 'nvapi-…' }) },
  proof: {
    type: 'one-token',
    model: 'meta/llama-3.1-8b-instruct',
    says: 'one token of meta/llama-3.1-8b-instruct; its list is open to everybody',
  },
  errors: [{ status: 402, code: 'quota_exceeded' }],
  prices: { genaiPrices: null, modelsDev: 'nvidia' },
  docs: [{ url: 'https://docs.api.nvidia.com/nim/reference/llm-apis', date: '2026-11-23', basis: 'recalled' }],
})
