import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const appleClauses = {
  'LicenseRef-apple-amlr': {
    grant: { section: 'License Scope', at: 'mm6fcs.36.wkvp79' },
    derivatives: { section: 'License Scope', at: '1gudvzt.24.sdoeyh' },
    research: { section: 'License Scope', at: 'krheyk.44.uuvmac' },
    copy: { section: 'Distribution', at: '1n468c9.51.ro5mps' },
    changed: { section: 'Distribution', at: 't3cfwl.24.1gxhoyq' },
    name: { section: 'Distribution', at: '1ydgn1g.26.cfdl8n' },
    other: { section: 'No Other License', at: '74k1e4.63.xqdvhk' },
    laws: { section: 'Compliance with Laws', at: '1leg9f4.18.1hfxh5v' },
    term: { section: 'Term and Termination', at: 'osm1ct.46.3xkms0' },
    liability: { section: 'Disclaimer', at: '19kjnsh.72.1km2bcv' },
  },
} as const satisfies Record<string, Record<string, Clause>>
