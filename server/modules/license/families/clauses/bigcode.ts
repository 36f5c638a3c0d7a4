import type { Clause } from '../../license-family.ts'

/** Clauses that were read, by license: the locators are made by scripts/license-locator.ts. */
export const bigcodeClauses = {
  'LicenseRef-scancode-bigcode-open-rail-m-v1': {
    preamble: { section: 'Section I', at: 'mlwjub.37.9a6rjg' },
    derivatives: { section: '1.i', at: 'cv2k0v.33.1cmg84h' },
    hosted: { section: '1.k', at: '1ajmhfe.46.1rfobrj' },
    grant: { section: '2', at: 'g2anbq.54.cv2k0v' },
    patent: { section: '3', at: '1xk0gw9.143.1m7b4ow' },
    use: { section: '4', at: '19g1g2.38.qooso5' },
    share: { section: '5.1', at: 'a5q8dv.88.1dvtceb' },
    copy: { section: '5.2.a', at: 'csnc2z.9.pdm5uh' },
    docs: { section: '5.2.b', at: '1pn9oba.31.cv2k0v' },
    notice: { section: '5.2.c', at: '18cr0he.8.11or5a7' },
    output: { section: '6', at: 'o91f31.26.1c3doo5' },
    runtime: { section: '7', at: '1d0erl2.19.pdm5uh' },
    liability: { section: '11', at: '1f1ap3u.115.1gx5opw' },
    list: { section: 'Attachment A', at: 'h1nrkc.350.o5vk2i' },
    pii: { section: 'Attachment A (e)', at: '13n2tm2.13.8zvkl' },
    automated: { section: 'Attachment A (i)', at: '1vl25i6.37.18ahs5' },
    medical: { section: 'Attachment A (m)', at: 'omu9is.22.1typ6tj' },
    police: { section: 'Attachment A (n)', at: '1vl25i6.15.o5vk2i' },
  },
} as const satisfies Record<string, Record<string, Clause>>
