import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const polyformClauses = {
  'PolyForm-Noncommercial-1.0.0': {
    grant: { section: 'Copyright License', at: 'bq8m7h.56.1nsp92k' },
    share: { section: 'Distribution License', at: 'bq8m7h.29.130be0q' },
    notices: { section: 'Notices', at: '1wmw5bo.49.1y3vvyg' },
    changes: { section: 'Changes and New Works License', at: 'bq8m7h.22.mytq2y' },
    patent: { section: 'Patent License', at: 'bq8m7h.31.irdkri' },
    other: { section: 'No Other Rights', at: 'ql1ktf.35.1bmdb4s' },
    suit: { section: 'Patent Defense', at: 'hmqxc5.48.sesgh0' },
    term: { section: 'Violations', at: '1d3cl2u.61.1wx9kgj' },
    liability: { section: 'No Liability', at: 'ce423g.30.kat1d3' },
    purpose: { section: 'Noncommercial Purposes', at: 'ifle4w.7.blzlr6' },
  },
  'PolyForm-Small-Business-1.0.0': {
    grant: { section: 'Copyright License', at: 'bq8m7h.56.1nsp92k' },
    share: { section: 'Distribution License', at: 'bq8m7h.29.130be0q' },
    notices: { section: 'Notices', at: '1wmw5bo.49.1y3vvyg' },
    changes: { section: 'Changes and New Works License', at: 'bq8m7h.22.mytq2y' },
    patent: { section: 'Patent License', at: 'bq8m7h.31.irdkri' },
    other: { section: 'No Other Rights', at: 'ql1ktf.35.1bmdb4s' },
    suit: { section: 'Patent Defense', at: 'hmqxc5.48.sesgh0' },
    term: { section: 'Violations', at: '1d3cl2u.61.1wx9kgj' },
    liability: { section: 'No Liability', at: 'ce423g.30.kat1d3' },
    purpose: { section: 'Small Business', at: '14zg1il.83.kie17g' },
  },
} as const satisfies Record<string, Record<string, Clause>>
