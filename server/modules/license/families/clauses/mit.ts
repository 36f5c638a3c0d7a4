import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const mitClauses = {
  MIT: {
    grant: { section: 'Grant', at: '1eu9v0.67.pframc' },
    notice: { section: 'Condition', at: '1vrodyq.20.kj1bjw' },
    liability: { section: 'Disclaimer', at: '1iqx3jw.76.gt7x4d' },
  },
} as const satisfies Record<string, Record<string, Clause>>
