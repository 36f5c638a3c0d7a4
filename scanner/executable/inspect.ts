import type { FormatDefinition } from '../define-format.ts'

/** Native code is judged by its presence: nothing in a model needs it, and no reading of it can prove it harmless. */
export function inspectExecutable(title: string): FormatDefinition['inspect'] {
  return ({ offset, length, observe }) => {
    observe({ code: 'exe.present', offset, detail: title, data: { title } })
    observe({ code: 'scan.uninspected', offset, detail: title, data: { title } })
    return { end: offset + length }
  }
}
