import { addressText, secretText } from '../fields.ts'
import type { Vendor } from '../vendor.ts'

/** A bearer token for files behind an address: it fetches models and buys no inference. */
export const bearer: Vendor = {
  kind: 'bearer',
  title: 'Bearer token for a URL',
  homepage: 'https://datatracker.ietf.org/doc/html/rfc6750',
  dialect: null,
  fields: {
    origin: addressText('Address that it opens', {
      example: 'https://models.example.com/private/config.json',
      help: 'A file or folder that asks for the token; the token goes to its origin only.',
    }),
    token: secretText('Token'),
  },
  base: '{origin}',
  auth: { type: 'bearer', field: 'token' },
  list: null,
  proof: { type: 'opens', address: '{origin}', says: 'the address, and not without it' },
  errors: [{ status: 404, code: 'no_permission' }],
  prices: { genaiPrices: null, modelsDev: null },
  docs: [{ url: 'https://datatracker.ietf.org/doc/html/rfc6750', date: '2026-11-23', basis: 'recalled' }],
}
