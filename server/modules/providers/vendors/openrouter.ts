import { openaiLike } from '../openai-like.ts'
import { day, facts, modalities, perMillion, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const openrouter: Vendor = openaiLike({
  kind: 'openrouter',
  title: 'OpenRouter',
  homepage: 'https://openrouter.ai',
  base: 'https://openrouter.ai/api/v1',
  row: (row) => {
    const accepts = row.texts('supported_parameters')
    const ends = day(row.text('expiration_date'))
    return facts({
      name: row.text('name'),
      context: tokens(row.number('context_length')),
      outputLimit: tokens(row.number('top_provider.max_completion_tokens')),
      // "-1" stands for a price that depends on the model it chooses.
      inputPrice: perMillion(row.number('pricing.prompt')),
      outputPrice: perMillion(row.number('pricing.completion')),
      cacheReadPrice: perMillion(row.number('pricing.input_cache_read')),
      cacheWritePrice: perMillion(row.number('pricing.input_cache_write')),
      inputModalities: modalities(row.texts('architecture.input_modalities')),
      outputModalities: modalities(row.texts('architecture.output_modalities')),
      tools: accepts?.includes('tools'),
      json: accepts?.includes('response_format'),
      reasoning: accepts?.includes('reasoning'),
      released: day(row.number('created')),
      deprecated: ends,
      status: ends === undefined ? undefined : 'deprecated',
    })
  },
  proof: {
    // Its list is open to everybody.
    type: 'request',
    says: 'what it says of the key itself; its list is open to everybody',
    request: { method: 'GET', path: '/key' },
    refusal: (answer) => {
      const left = answer.number('data.limit_remaining')
      return left !== undefined && left <= 0 ? 'quota_exceeded' : undefined
    },
  },
  errors: [
    { status: 402, code: 'quota_exceeded' },
    { status: 502, code: 'overloaded' },
    { status: 400, match: /not a valid model/i, code: 'unknown_model' },
  ],
  prices: { genaiPrices: 'openrouter', modelsDev: 'openrouter' },
  docs: [
    {
      url: 'https://openrouter.ai/docs/api-reference/api-keys/get-current-key',
      date: '2026-11-23',
      basis: 'documentation',
    },
    { url: 'https://openrouter.ai/docs/api-reference/list-available-models', date: '2026-11-23', basis: 'recalled' },
  ],
})
