import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const fileLevelClauses = {
  'MPL-2.0': {
    free: { section: '2.1', at: '10t8vp9.10.n7v6i6' },
    grant: { section: '2.1(a)', at: '1f39t8n.41.11ktgt1' },
    patent: { section: '2.1(b)', at: 'hql7tl.26.e1qs4p' },
    limit: { section: '2.3', at: 'e6req3.69.kt666a' },
    source: { section: '3.1', at: 'zg89wv.75.180a6ja' },
    executable: { section: '3.2', at: '1vtzd8w.113.15n1tuu' },
    larger: { section: '3.3', at: '385dc0.28.z6mds' },
    notices: { section: '3.4', at: 'k43oiy.51.1t0lilm' },
    indemnity: { section: '3.5', at: '1xibncw.47.n1x980' },
    term: { section: '5.1', at: '1o9oql0.137.cw55bf' },
    suit: { section: '5.2', at: 'tbtx3c.54.3jyv01' },
    liability: { section: '7', at: '12kht15.82.1gx5opw' },
  },
  'EPL-2.0': {
    modified: { section: '1', at: '1g0t8vt.86.1yxgzfs' },
    distribute: { section: '1', at: '3kj9n6.21.e9dw7v' },
    grant: { section: '2(a)', at: '10t8vp9.35.5ezrea' },
    patent: { section: '2(b)', at: '10t8vp9.99.1jldmkm' },
    others: { section: '2(c)', at: '9r5uc7.103.130hfqj' },
    source: { section: '3.1(a)', at: '1hks14y.58.2lqdof' },
    binary: { section: '3.1(b)', at: 'haps6h.122.1v8rpqc' },
    same: { section: '3.2', at: '1k9l6ah.79.1v3az6k' },
    notices: { section: '3.3', at: '6f2iwz.42.1vfc0aj' },
    commercial: { section: '4', at: '1rukwp1.39.1rlhchf' },
    indemnity: { section: '4', at: '13f9fjj.77.1bp9ieb' },
    liability: { section: '6', at: '18xh01g.73.1gx5opw' },
    suit: { section: '7', at: '1kyd4el.55.1m7b4ow' },
    term: { section: '7', at: '1ax672j.42.1h27akn' },
  },
} as const satisfies Record<string, Record<string, Clause>>
