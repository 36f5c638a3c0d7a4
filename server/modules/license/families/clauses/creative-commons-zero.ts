import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const creativeCommonsZeroClauses = {
  'CC0-1.0': {
    waiver: { section: '2', at: '1gz2pf7.158.1lsmf4v' },
    fallback: { section: '3', at: '1nhvys.125.tfhfks' },
    patent: { section: '4(a)', at: '849npm.19.pufii1' },
    disclaim: { section: '4(b)', at: '1uo8x16.65.13c2105' },
    others: { section: '4(c)', at: 'x7mbaf.51.to752t' },
  },
} as const satisfies Record<string, Record<string, Clause>>
