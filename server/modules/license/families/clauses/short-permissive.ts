import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const shortPermissiveClauses = {
  Zlib: {
    liability: { section: 'Disclaimer', at: '1bvkq2p.19.wmlvjq' },
    grant: { section: 'Grant', at: '19v7p18.23.1bw1gu8' },
    origin: { section: 'Condition 1', at: 'glwnpv.40.rn8ja0' },
    altered: { section: 'Condition 2', at: 'oxj46b.19.10tfpih' },
    notice: { section: 'Condition 3', at: '1h0satd.12.1by3ivc' },
  },
  Unlicense: {
    grant: { section: 'Grant', at: '1dlvinw.34.smrkct' },
    waiver: { section: 'Dedication', at: 'mq7d7z.72.hh0ga1' },
    liability: { section: 'Disclaimer', at: '19kjnsh.43.gt7x4d' },
  },
  NCSA: {
    grant: { section: 'Grant', at: '1eu9v0.62.19mhr9' },
    source: { section: 'Condition 1', at: '2o6tu8.18.1hlbpjs' },
    binary: { section: 'Condition 2', at: '1t2tj75.29.1fd1pk3' },
    name: { section: 'Condition 3', at: '48xnhi.29.1gawuob' },
    liability: { section: 'Disclaimer', at: '19kjnsh.46.pdmgyw' },
  },
  PostgreSQL: {
    grant: { section: 'Grant', at: 'pmq44z.25.1vtz121' },
    notice: { section: 'Condition', at: '10gindb.18.1sovo4f' },
    liability: { section: 'Disclaimer', at: '8zj7ok.39.1km2bcv' },
  },
  'BSL-1.0': {
    grant: { section: 'Grant', at: '1eu9v0.58.19mhr9' },
    notice: { section: 'Condition', at: '6jks2l.63.1vp3wun' },
    liability: { section: 'Disclaimer', at: '19kjnsh.45.gt7x4d' },
  },
} as const satisfies Record<string, Record<string, Clause>>
