import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const gemmaClauses = {
  'LicenseRef-scancode-gemma-tou-2025-03-24': {
    hosted: { section: '1.1(b)', at: '1k1tt5x.43.163h13p' },
    derivatives: { section: '1.1(e)', at: 'ra791f.82.1wpfly3' },
    use: { section: '2.2', at: '1hn94d3.40.zmti7y' },
    share: { section: '3.1', at: '1axtmgp.235.1g6qkzx' },
    flow: { section: '3.1', at: '1jbdkqc.60.bmdkjx' },
    changed: { section: '3.1', at: '1pdx0wi.16.1wulvd9' },
    notice: { section: '3.1', at: 'n3esau.40.uhzhz5' },
    restrict: { section: '3.2', at: 'ic97ip.82.1eu621l' },
    output: { section: '3.3', at: 'gisblz.23.12r8r67' },
    reserved: { section: '4.2', at: '1py9uth.36.18k8ceh' },
    liability: { section: '4.4', at: '12ge2w2.88.1gx5opw' },
    term: { section: '4.5', at: '1mwti1r.108.l9mpqw' },
  },
} as const satisfies Record<string, Record<string, Clause>>
