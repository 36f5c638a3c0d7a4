import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const bsdLikeClauses = {
  'BSD-2-Clause': {
    grant: { section: 'Grant', at: 'kuyf25.21.1n5dqcs' },
    source: { section: 'Condition 1', at: '2o6tu8.18.15t86ij' },
    binary: { section: 'Condition 2', at: '1t2tj75.29.1fd1pk3' },
    liability: { section: 'Disclaimer', at: '19kjnsh.80.1km2bcv' },
  },
  'BSD-3-Clause': {
    grant: { section: 'Grant', at: 'kuyf25.21.1n5dqcs' },
    source: { section: 'Condition 1', at: '2o6tu8.18.15t86ij' },
    binary: { section: 'Condition 2', at: '1t2tj75.29.1fd1pk3' },
    liability: { section: 'Disclaimer', at: '19kjnsh.80.1km2bcv' },
    name: { section: 'Condition 3', at: 's581l.30.1gawuob' },
  },
  'BSD-3-Clause-Clear': {
    grant: { section: 'Grant', at: 'kuyf25.29.1n5dqcs' },
    source: { section: 'Condition 1', at: '2o6tu8.18.15t86ij' },
    binary: { section: 'Condition 2', at: '1t2tj75.29.1fd1pk3' },
    liability: { section: 'Disclaimer', at: '19kjnsh.80.1km2bcv' },
    name: { section: 'Condition 3', at: 's581l.30.1gawuob' },
    patent: { section: 'Disclaimer', at: 'txyxpl.15.1isijk6' },
  },
  ISC: {
    grant: { section: 'Grant', at: 'pmq44z.20.1i2vzdh' },
    source: { section: 'Condition', at: '10gindb.14.1sovo4f' },
    liability: { section: 'Disclaimer', at: '19kjnsh.53.mgw811' },
  },
  '0BSD': {
    grant: { section: 'Grant', at: 'pmq44z.20.1i2vzdh' },
    liability: { section: 'Disclaimer', at: '19kjnsh.53.mgw811' },
  },
} as const satisfies Record<string, Record<string, Clause>>
