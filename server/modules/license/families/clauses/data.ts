import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const dataClauses = {
  'ODbL-1.0': {
    convey: { section: '1.0', at: '1kt13t3.33.1aj6nvh' },
    patent: { section: '2.3(b)', at: 'i4xsf8.13.1dgn4qa' },
    contents: { section: '2.4', at: '7y8ic2.47.2a1zd5' },
    grant: { section: '3.1', at: '1iayc9j.30.9t8mct' },
    purpose: { section: '3.1', at: 'rsqthw.14.muv5vb' },
    royalties: { section: '3.2', at: 'k20y45.44.1xnq923' },
    notices: { section: '4.2', at: '14pzwxp.96.cxrrcr' },
    output: { section: '4.3', at: '1kzt6jo.64.1lzwq2b' },
    alike: { section: '4.4', at: '1kq44r2.35.ux9h78' },
    limits: { section: '4.5', at: '1gyvw9r.58.4h4i9t' },
    access: { section: '4.6', at: '1kzt6jo.118.1s4jge2' },
    locks: { section: '4.7', at: 'i4xsf8.68.5bo1rc' },
    further: { section: '4.8', at: '1qogs5.19.1x97phe' },
    moral: { section: '5.1', at: '1gf3dh5.145.d6xauh' },
    liability: { section: '8.1', at: 'a3ms7w.93.1gx5opw' },
    term: { section: '9.1', at: '2yul72.24.1lb8g6b' },
    keep: { section: '9.2', at: '1iejsvc.21.vu6zru' },
  },
  'CDLA-Permissive-1.0': {
    publish: { section: '1.8', at: '1dw882t.32.527yzq' },
    grant: { section: '2.1', at: '17af39k.27.mde7uj' },
    reserved: { section: '2.3', at: '98skdt.19.2gwgsq' },
    text: { section: '3.1(a)', at: '3cjkva.50.18yqh4r' },
    changed: { section: '3.1(b)', at: '1pdx0wi.19.6nj6vv' },
    credit: { section: '3.1(c)', at: 'byqgr4.63.fgr2zu' },
    own: { section: '3.2', at: 'tve3kn.50.9kdbpi' },
    results: { section: '3.4', at: '16ag3r2.14.13ff4rv' },
    term: { section: '5.1', at: '19l8fx9.57.1h27akn' },
    suit: { section: '5.2', at: '1dlkk06.60.1m7b4ow' },
    liability: { section: '6.2', at: 'm2m2tc.74.1gx5opw' },
    laws: { section: '7.1', at: 'shg0z8.33.yj21pj' },
  },
  'CDLA-Permissive-2.0': {
    grant: { section: '1.1', at: '1123haw.29.1g6qkzx' },
    text: { section: '2.1', at: '1123haw.27.v2iix7' },
    results: { section: '3.1', at: '1uia48p.19.zd0w5p' },
    liability: { section: '4.1', at: 'v93cr7.60.1gx5opw' },
  },
} as const satisfies Record<string, Record<string, Clause>>
