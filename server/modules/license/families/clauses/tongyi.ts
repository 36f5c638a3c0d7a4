import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const tongyiClauses = {
  'LicenseRef-scancode-tongyi-qianwen-2023': {
    grant: { section: '2', at: '1a1gvg0.41.j26hp0' },
    share: { section: '3', at: 'eixqjp.167.172xz4q' },
    copy: { section: '3.a', at: 'qgxsc3.17.sx2fix' },
    changed: { section: '3.b', at: '1vch30x.16.qp5t5m' },
    notice: { section: '3.c', at: 'ebnuac.40.hfgv7b' },
    users: { section: '4', at: '1ps438u.39.1l9yiqy' },
    law: { section: '5.a', at: '1fzpimq.34.1jajj3a' },
    outputs: { section: '5.b', at: '163br96.24.f5vnwm' },
    own: { section: '6.a', at: '1646vby.60.7fqlhs' },
    suit: { section: '6.c', at: 'r287ll.71.ifdu7e' },
    liability: { section: '7.c', at: '19kjnsh.45.17ddtzb' },
    indemnity: { section: '7.d', at: '1l55pgl.30.1oryq5f' },
    term: { section: '8.b', at: '1f4vdcv.22.l9mpqw' },
  },
} as const satisfies Record<string, Record<string, Clause>>
