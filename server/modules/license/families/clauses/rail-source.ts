import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const railSourceClauses = {
  'LicenseRef-scancode-responsible-ai-source-1.1': {
    grant: { section: '2', at: '125p4at.38.1ce2ziv' },
    copy: { section: '3.1', at: '1w2r6gs.20.1bxj4lh' },
    use: { section: '3.2', at: '6kv234.27.19oekbh' },
    surveillance: { section: '3.2.a', at: '1jsytib.100.2tsnxo' },
    media: { section: '3.2.b', at: 'xktj4z.40.1lg8zer' },
    health: { section: '3.2.c', at: 'lug5gc.118.1nailoe' },
    criminal: { section: '3.2.d', at: 'lug5gc.225.11kpwj6' },
    flow: { section: '3.3', at: '1uereux.78.arlepd' },
    term: { section: '4', at: '1i7vq02.135.1nodmoa' },
    liability: { section: '6', at: '1f1ap3u.110.1gx5opw' },
  },
} as const satisfies Record<string, Record<string, Clause>>
