import { addressText, secretText } from '../fields.ts'
import { openaiLike } from '../openai-like.ts'
import { facts, tokens } from '../units.ts'
import type { Vendor } from '../vendor.ts'

export const vllm: Vendor = openaiLike({
  kind: 'vllm',
  title: 'vLLM',
  homepage: 'https://docs.vllm.ai',
  fields: {
    endpoint: addressText('Address', { example: 'http://gpu-1.internal:8000' }),
    apiKey: secretText('API key', { required: false, help: 'What the server was started with as --api-key.' }),
  },
  base: '{endpoint}/v1',
  row: (row) => facts({ context: tokens(row.number('max_model_len')), openWeights: true }),
  proof: { type: 'list', says: 'its list of models, which asks for the key when the server has one' },
  prices: { genaiPrices: null, modelsDev: null },
  docs: [
    {
      url: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
      date: '2026-11-23',
      basis: 'recalled',
    },
  ],
})
