import { defineFormat } from '../define-format.ts'
import { defineRule } from '../rules/define-rule.ts'
import { isLfsPointer } from '../text/lfs-pointer.ts'

/** What a clone holds in place of a large file that Git LFS has not fetched. Source: git-lfs docs/spec.md. */
export const lfsPointerFormat = defineFormat({
  kind: 'lfs-pointer',
  title: 'Git LFS pointer',
  probe: ({ head, offset, size }) =>
    offset === 0 && isLfsPointer(head, size) ? { offset, certainty: 'signature' } : undefined,
  inspect: ({ offset, length, observe, cover }) => {
    observe({ code: 'lfs.pointer', offset })
    cover(offset, length, 'inert')
    return { end: offset + length }
  },
  rules: [
    defineRule({
      id: 'LFS-POINTER-001',
      title: 'A Git LFS pointer stands where the file should be',
      severity: 'high',
      cwe: 'CWE-1104',
      explanation:
        'Git stores large files elsewhere and leaves a short text that names them. The file itself was never fetched, so nothing is known about it.',
      remedy: 'Run `git lfs pull` in the folder it was cloned to, then try again.',
      on: ['lfs.pointer'],
    }),
  ],
})
