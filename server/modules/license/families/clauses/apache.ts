import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const apacheClauses = {
  'Apache-2.0': {
    grant: { section: '2', at: 'g2anbq.52.nhi7dw' },
    patent: { section: '3', at: '1xk0gw9.144.1m7b4ow' },
    share: { section: '4', at: 'eixqjp.323.9kdbpi' },
    copy: { section: '4(a)', at: '1j8rdiu.17.1pbdzpy' },
    changed: { section: '4(b)', at: '1pdx0wi.16.qp5t5m' },
    notice: { section: '4(c)', at: '151357n.42.1bd9ras' },
    noticefile: { section: '4(d)', at: '1lhlsdx.153.ho99hx' },
    own: { section: '4', at: '1nosl7r.55.9kdbpi' },
    marks: { section: '6', at: 'i4xsf8.43.1nez2bv' },
    liability: { section: '8', at: '1f1ap3u.110.1gx5opw' },
  },
} as const satisfies Record<string, Record<string, Clause>>
