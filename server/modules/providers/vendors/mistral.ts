import { openaiLike } from '../openai-like.ts'
import { day, facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const mistral: Vendor = openaiLike({
  kind: 'mistral',
  title: 'Mistral AI',
  homepage: 'https://console.mistral.ai',
  base: 'https://api.mistral.ai/v1',
  row: (row) => {
    const vision = row.flag('capabilities.vision')
    return facts({
      name: row.text('name'),
      context: tokens(row.number('max_context_length')),
      tools: row.flag('capabilities.function_calling'),
      endpoints: row.flag('capabilities.completion_chat') === true ? ['chat.completions'] : undefined,
      inputModalities: vision === undefined ? undefined : vision ? ['text', 'image'] : ['text'],
      deprecated: day(row.text('deprecation')),
      replacement: row.text('deprecation_replacement_model'),
      status: row.text('deprecation') === undefined ? undefined : 'deprecated',
    })
  },
  prices: { genaiPrices: 'mistral', modelsDev: 'mistral' },
  docs: [{ url: 'https://docs.mistral.ai/api/endpoint/models', date: '2026-11-23', basis: 'recalled' }],
})
