import { secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import { facts, modalities, price, tokens } from '../units.ts'
import type { Row, Vendor } from '../vendor.ts'

/** The value that all providers behind the router agree on, otherwise undefined: which of them answers is up to the router. */
function agreed<T>(providers: readonly Row[], read: (provider: Row) => T | undefined): T | undefined {
  const values = new Set(providers.map(read))
  return values.size === 1 ? [...values][0] : undefined
}

export const huggingfaceRouter: Vendor = openaiLike({
  kind: 'huggingface-router',
  title: 'Hugging Face Inference Providers',
  homepage: 'https://huggingface.co/docs/inference-providers',
  base: 'https://router.huggingface.co/v1',
  fields: {
    apiKey: secretText('Access token', { example: 'hf_…', help: 'It needs the right to call Inference Providers.' }),
  },
  row: (row) => {
    const live = row.rows('providers').filter((one) => one.text('status') === 'live')
    return facts({
      context: tokens(agreed(live, (one) => one.number('context_length'))),
      inputPrice: price(agreed(live, (one) => one.number('pricing.input'))),
      outputPrice: price(agreed(live, (one) => one.number('pricing.output'))),
      tools: agreed(live, (one) => one.flag('supports_tools')),
      json: agreed(live, (one) => one.flag('supports_structured_output')),
      inputModalities: modalities(row.texts('architecture.input_modalities')),
      outputModalities: modalities(row.texts('architecture.output_modalities')),
      openWeights: true,
    })
  },
  proof: {
    type: 'request',
    says: 'whose token it is; its list is open to everybody',
    request: { method: 'GET', path: 'https://huggingface.co/api/whoami-v2' },
  },
  errors: [
    { status: 402, code: 'quota_exceeded' },
    { status: 403, match: /sufficient permissions|inference providers/i, code: 'no_permission' },
    { status: 400, match: /not supported|does not exist/i, code: 'unknown_model' },
  ],
  prices: { genaiPrices: null, modelsDev: 'huggingface' },
  docs: [
    { url: 'https://huggingface.co/docs/inference-providers/hub-api', date: '2026-11-23', basis: 'recalled' },
    { url: 'https://huggingface.co/docs/hub/api', date: '2026-11-23', basis: 'recalled' },
  ],
})
