import { openaiLike } from '../openai-like.ts'
import { facts, price, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

const endpointOf: Readonly<Record<string, 'chat.completions' | 'completions' | 'embeddings' | 'rerank'>> = {
  chat: 'chat.completions',
  language: 'completions',
  embedding: 'embeddings',
  rerank: 'rerank',
}

const base = openaiLike({
  kind: 'together',
  title: 'Together AI',
  homepage: 'https://api.together.ai',
  base: 'https://api.together.xyz/v1',
  row: (row) => {
    const endpoint = endpointOf[row.text('type') ?? '']
    const [input, output] = [price(row.number('pricing.input')), price(row.number('pricing.output'))]
    // Two zeros stand for models that are sold by the hour or not at all: no price is known then.
    const priced = (input ?? 0) > 0 || (output ?? 0) > 0
    return facts({
      name: row.text('display_name'),
      context: tokens(row.number('context_length')),
      inputPrice: priced ? input : undefined,
      outputPrice: priced ? output : undefined,
      endpoints: endpoint === undefined ? undefined : [endpoint],
    })
  },
  errors: [{ status: 402, code: 'quota_exceeded' }],
  prices: { genaiPrices: 'together', modelsDev: 'togetherai' },
  docs: [{ url: 'https://docs.together.ai/reference/models-1', date: '2026-11-23', basis: 'recalled' }],
})

/** Its answer is the list itself. */
export const together: Vendor = { ...base, list: base.list === null ? null : { ...base.list, rows: '' } }
