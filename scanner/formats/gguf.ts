import { defineFormat } from '../define-format.ts'
import { inspectGguf } from '../gguf/inspect.ts'
import { ggufRules } from '../gguf/rules.ts'
import { hasAt } from '../probe.ts'

/** GGUF versions 2 and 3. Source: ggml docs/gguf.md. */
export const ggufFormat = defineFormat({
  kind: 'gguf',
  title: 'GGUF model',
  extensions: ['.gguf'],
  probe: ({ head, offset }) => (hasAt(head, 0, 'GGUF') ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectGguf,
  rules: ggufRules,
})
