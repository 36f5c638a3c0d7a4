import { openaiLike, openaiList } from '../openai-like.ts'
import { day, facts, modalities, price } from '../units.ts'
import type { Row, Vendor } from '../vendor.ts'

/** Its prices are whole numbers of 1/10,000 US$ per million tokens (US cents per hundred million). */
const priced = (row: Row, name: string) => price(row.number(name), 1 / 10_000)

export const xai: Vendor = openaiLike({
  kind: 'xai',
  title: 'xAI',
  homepage: 'https://console.x.ai',
  base: 'https://api.x.ai/v1',
  list: {
    ...openaiList(
      (row) =>
        facts({
          inputPrice: priced(row, 'prompt_text_token_price'),
          outputPrice: priced(row, 'completion_text_token_price'),
          cacheReadPrice: priced(row, 'cached_prompt_text_token_price'),
          inputModalities: modalities(row.texts('input_modalities')),
          outputModalities: modalities(row.texts('output_modalities')),
          released: day(row.number('created')),
        }),
      '/language-models',
    ),
    rows: 'models',
  },
  proof: {
    type: 'request',
    says: 'what it says of the key itself',
    request: { method: 'GET', path: '/api-key' },
    refusal: (answer) =>
      answer.flag('api_key_disabled') === true || answer.flag('api_key_blocked') === true
        ? 'key_refused'
        : answer.flag('team_blocked') === true
          ? 'no_permission'
          : undefined,
  },
  errors: [
    { status: 400, match: /incorrect api key/i, code: 'key_refused' },
    { status: 403, match: /credits|spending limit/i, code: 'quota_exceeded' },
  ],
  prices: { genaiPrices: 'x-ai', modelsDev: 'xai' },
  docs: [{ url: 'https://docs.x.ai/docs/api-reference', date: '2026-11-23', basis: 'recalled' }],
})
