import { defineFormat } from '../define-format.ts'
import { inspectScript } from '../executable/script.ts'
import { hasAt } from '../probe.ts'

/** A file that names its interpreter in its first line, begins as a batch file does, or is a script by name. Python is read as Python. */
export const scriptFormat = defineFormat({
  kind: 'script',
  title: 'Script',
  extensions: ['.sh', '.bash', '.zsh', '.bat', '.cmd', '.ps1', '.psm1'],
  canRun: true,
  probe: ({ head, offset, text, path }) => {
    const interpreter = interpreterOf(head)
    if (interpreter !== undefined && !(text !== undefined && /\bpython[\d.]*\s*$/.test(interpreter)))
      return { offset, certainty: 'signature' }
    if (text === undefined) return undefined
    const isScript = /\.(sh|bash|zsh|bat|cmd|ps1|psm1)$/.test(path) || /^\s{0,20}@echo off\b/i.test(text)
    return isScript ? { offset, certainty: 'guess' } : undefined
  },
  inspect: inspectScript,
  rules: [],
})

/** Linux allows blanks before the path, and an editor's mark of UTF-8 does not keep shells from running the rest. */
function interpreterOf(head: Uint8Array): string | undefined {
  const start = hasAt(head, 0, [0xef, 0xbb, 0xbf]) ? 3 : 0
  const first = String.fromCharCode(...head.subarray(start, start + 128)).split('\n', 1)[0] ?? ''
  return /^#![ \t]*(\/[\x20-\x7e]+)/.exec(first)?.[1]
}
