import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const deepseekClauses = {
  'LicenseRef-scancode-deepseek-la-1.0': {
    derivatives: { section: '1', at: 'eafc8m.86.tmn3ct' },
    hosted: { section: '1', at: 'wgsfmr.42.1rfobrj' },
    grant: { section: '2', at: 'g2anbq.47.eafc8m' },
    patent: { section: '3', at: '1xk0gw9.135.v4vbg5' },
    share: { section: '4', at: 'lfg9ug.240.9kdbpi' },
    flow: { section: '4.a', at: '12p6vw3.74.9ecnv2' },
    copy: { section: '4.b', at: '1j8rdiu.20.1pbdzpy' },
    changed: { section: '4.c', at: '1pdx0wi.16.qp5t5m' },
    notice: { section: '4.d', at: 'yame1j.27.eafc8m' },
    own: { section: '4.e', at: '1nosl7r.60.9kdbpi' },
    use: { section: '5', at: '14ac1ba.92.1eun5e7' },
    output: { section: '6', at: 't4k6bl.43.1crox9v' },
    runtime: { section: '7', at: '4foxrt.25.15igb12' },
    privacy: { section: '9', at: 'neuzr3.114.11ehvfj' },
    liability: { section: '11', at: '1f1ap3u.112.1gx5opw' },
    list: { section: 'Attachment A', at: 'h1nrkc.238.13hjrxm' },
    military: { section: 'Attachment A', at: '5vz4yl.6.1k2gf44' },
    automated: { section: 'Attachment A', at: '1vl25i6.21.15v1w2v' },
  },
} as const satisfies Record<string, Record<string, Clause>>
