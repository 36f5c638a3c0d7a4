import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** The formats before GGUF: ggml, ggjt, ggmf. */
export const ggmlLegacyFormat = defineFormat({
  kind: 'ggml-legacy',
  title: 'GGML legacy weights',
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'lmgg') || hasAt(head, 0, 'tjgg') || hasAt(head, 0, 'fmgg')
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: leaveUninspected('GGML legacy weights'),
  rules: [],
})
