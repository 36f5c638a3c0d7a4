import { defineFormat } from '../define-format.ts'
import { isOpcode, type PickleHead, walkPickleHead } from '../pickle/walk-head.ts'
import { defineRule } from '../rules/define-rule.ts'

/**
 * Python pickles of every protocol. Protocols 2 to 5 begin with PROTO; 0 and 1 have no signature, so their first opcodes must make
 * sense as a program. Source: CPython Lib/pickletools.py.
 */
export const pickleFormat = defineFormat({
  kind: 'pickle',
  title: 'Python pickle',
  extensions: ['.pkl', '.pickle', '.joblib', '.dill'],
  canRun: true,
  probe: ({ head, offset }) => (isPickle(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: ({ reader, offset, length, observe }) => {
    const head = walkPickleHead(reader.read(offset, 64 * 1024))
    observe({ code: 'pickle.present', offset, detail: described(head), data: { calls: head.call, names: head.global } })
    observe({ code: 'scan.uninspected', offset, detail: 'Python pickle', data: { title: 'Python pickle' } })
    return { end: offset + length }
  },
  rules: [
    defineRule({
      id: 'PKL-FORMAT-001',
      title: 'A pickle can run any code when it is loaded, and its content is not inspected in this release',
      severity: 'high',
      cwe: 'CWE-502',
      explanation: 'Unpickling is running a program that the file brings along. No inspector has read this program.',
      remedy:
        'Do not load it. Convert the model to safetensors or GGUF in a sandbox, or use an export that its publisher made.',
      on: ['pickle.present'],
    }),
  ],
})

function isPickle(head: Uint8Array): boolean {
  const protocol = head[1] ?? 0xff
  // What follows PROTO may be broken on purpose: loaders run a stream up to where it breaks.
  if (head[0] === 0x80 && protocol <= 5) return head.length < 3 || isOpcode(head[2])
  const walked = walkPickleHead(head)
  // Text can look like a few opcodes by chance; naming a callable and calling it, or a whole container up to STOP, cannot.
  return (
    walked.call || (walked.stopped && (walked.global || walked.opcodes >= 3)) || (walked.cut && walked.opcodes >= 64)
  )
}

function described(head: PickleHead): string {
  if (head.call) return 'its first opcodes import and call'
  return head.global ? 'its first opcodes import' : `its first ${head.opcodes} opcodes only build values`
}
