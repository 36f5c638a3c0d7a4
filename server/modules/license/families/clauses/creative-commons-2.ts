import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const creativeCommons2Clauses = {
  'CC-BY-2.0': {
    grant: { section: '3', at: '18a14i3.112.1chydh4' },
    formats: { section: '3', at: '1cduirn.40.181irjy' },
    royalties: { section: '3(e)', at: '1k3a30m.38.4yl81z' },
    share: { section: '4(a)', at: '182e1f0.82.xekh0i' },
    credit: { section: '4', at: '1jn9ix8.190.o7dn43' },
    liability: { section: '6', at: '1ah1jfw.53.1gx5opw' },
    term: { section: '7(a)', at: '1t0b6t6.68.m45mzb' },
    perpetual: { section: '7(b)', at: 'ik2v2k.94.1h7ps84' },
  },
  'CC-BY-2.5': {
    grant: { section: '3', at: '18a14i3.112.1chydh4' },
    formats: { section: '3', at: '1cduirn.40.181irjy' },
    royalties: { section: '3(e)', at: '1k3a30m.38.4yl81z' },
    share: { section: '4(a)', at: '182e1f0.82.xekh0i' },
    credit: { section: '4', at: '1jn9ix8.228.o7dn43' },
    liability: { section: '6', at: '1ah1jfw.53.1gx5opw' },
    term: { section: '7(a)', at: '1t0b6t6.68.m45mzb' },
    perpetual: { section: '7(b)', at: 'ik2v2k.94.1h7ps84' },
  },
  'CC-BY-NC-2.0': {
    grant: { section: '3', at: '18a14i3.112.1chydh4' },
    formats: { section: '3', at: '1cduirn.40.181irjy' },
    royalties: { section: '3(e)', at: '1k3a30m.38.4yl81z' },
    share: { section: '4(a)', at: '182e1f0.82.xekh0i' },
    credit: { section: '4', at: '1jn9ix8.190.o7dn43' },
    liability: { section: '6', at: '1ah1jfw.53.1gx5opw' },
    term: { section: '7(a)', at: '1t0b6t6.68.m45mzb' },
    perpetual: { section: '7(b)', at: 'ik2v2k.94.1h7ps84' },
    nc: { section: '4(b)', at: '1jkz3ho.82.1srvaz9' },
  },
  'CC-BY-NC-SA-2.0': {
    grant: { section: '3', at: '18a14i3.112.1chydh4' },
    formats: { section: '3', at: '1cduirn.40.181irjy' },
    royalties: { section: '3(e)', at: '1k3a30m.38.4yl81z' },
    share: { section: '4(a)', at: '182e1f0.82.xekh0i' },
    credit: { section: '4', at: '1jn9ix8.190.o7dn43' },
    liability: { section: '6', at: '1ah1jfw.53.1gx5opw' },
    term: { section: '7(a)', at: '1t0b6t6.68.m45mzb' },
    perpetual: { section: '7(b)', at: 'ik2v2k.94.1h7ps84' },
    nc: { section: '4(c)', at: '1jkz3ho.82.1srvaz9' },
    sa: { section: '4(b)', at: '182e1f0.87.61ia9r' },
  },
} as const satisfies Record<string, Record<string, Clause>>
