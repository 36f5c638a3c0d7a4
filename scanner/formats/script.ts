import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** A file that names its interpreter in its first line, or is a shell or batch script by name. */
export const scriptFormat = defineFormat({
  kind: 'script',
  title: 'Script',
  extensions: ['.sh', '.bash', '.bat', '.cmd', '.ps1'],
  canRun: true,
  probe: ({ head, offset, text, path }) => {
    if (hasAt(head, 0, '#!') && /^#! ?\/[\x20-\x7e]+/.test(latin1(head))) return { offset, certainty: 'signature' }
    return text !== undefined && /\.(sh|bash|bat|cmd|ps1)$/.test(path) ? { offset, certainty: 'guess' } : undefined
  },
  inspect: ({ offset, length, reader, observe }) => {
    const firstLine = latin1(reader.read(offset, 120)).split('\n', 1)[0] ?? ''
    observe({ code: 'exe.script', offset, evidence: firstLine })
    observe({ code: 'scan.uninspected', offset, detail: 'script', data: { title: 'Script' } })
    return { end: offset + length }
  },
  rules: [],
})

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 128))
}
