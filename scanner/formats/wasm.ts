import { defineFormat } from '../define-format.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { readWasm } from '../executable/wasm.ts'
import { hasAt } from '../probe.ts'

/** Source: WebAssembly core specification, section 5.5.16. */
export const wasmFormat = defineFormat({
  kind: 'wasm',
  title: 'WebAssembly module',
  extensions: ['.wasm'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x00, 0x61, 0x73, 0x6d]) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectExecutable('wasm', 'WebAssembly module', readWasm),
  rules: [],
})
