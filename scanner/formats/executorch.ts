import { defineFormat } from '../define-format.ts'
import { inspectExecutorch } from '../executorch/inspect.ts'
import { executorchRules } from '../executorch/rules.ts'

/** A FlatBuffer with the file identifier ET and a version. Source: executorch schema/program.fbs. */
export const executorchFormat = defineFormat({
  kind: 'executorch',
  title: 'ExecuTorch program',
  extensions: ['.pte'],
  probe: ({ head, offset }) =>
    head[4] === 0x45 && head[5] === 0x54 && /^\d\d$/.test(String.fromCharCode(head[6] ?? 0, head[7] ?? 0))
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: inspectExecutorch,
  rules: executorchRules,
})
