import { secretText } from '../fields.ts'
import type { Vendor } from '../vendor.ts'

/** A token for gated and private repositories of the hub: it fetches models and buys no inference. */
export const huggingface: Vendor = {
  kind: 'huggingface',
  title: 'Hugging Face Hub',
  homepage: 'https://huggingface.co',
  dialect: null,
  fields: {
    token: secretText('Access token', { example: 'hf_…', help: 'A read token reaches what its owner may read.' }),
  },
  base: 'https://huggingface.co',
  auth: { type: 'bearer', field: 'token' },
  list: null,
  proof: { type: 'request', says: 'whose token it is', request: { method: 'GET', path: '/api/whoami-v2' } },
  prices: { genaiPrices: null, modelsDev: null },
  docs: [{ url: 'https://huggingface.co/docs/hub/api', date: '2026-11-23', basis: 'recalled' }],
}
