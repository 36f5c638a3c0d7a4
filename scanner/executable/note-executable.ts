import type { FormatDefinition, InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import type { ExecutableHeader } from './types.ts'

export type ExecutableFacts = {
  role?: string | undefined
  machine?: string | undefined
  imports?: string[]
  command?: string
  manySystems?: boolean
  /** Where the code ends by its own structure, from its start; what follows is looked at for other formats. */
  length?: number
}

/**
 * Native code is judged by its presence: nothing in a model needs it, and no reading of it can prove it harmless. `read` walks the
 * header, within the bytes it is given.
 */
export function inspectExecutable(
  kind: string,
  title: string,
  read: (context: InspectContext) => ExecutableFacts,
): FormatDefinition['inspect'] {
  return (context): Inspected => {
    const { offset, length, observe } = context
    const facts = read(context)
    const command = facts.command === undefined ? undefined : escapeText(facts.command)
    const header: ExecutableHeader = {
      kind,
      role: facts.role ?? null,
      machine: facts.machine ?? null,
      ...(facts.imports === undefined ? {} : { imports: facts.imports.slice(0, 50).map((name) => escapeText(name)) }),
      ...(command === undefined ? {} : { command }),
      ...(facts.manySystems === true ? { manySystems: true } : {}),
    }
    observe({
      code: facts.manySystems === true ? 'exe.many-systems' : 'exe.present',
      offset,
      detail: [title, facts.role, facts.machine].filter((part) => part !== undefined).join(', '),
      data: { title },
      ...(command === undefined ? {} : { evidence: command }),
    })
    observe({ code: 'scan.uninspected', offset, detail: title, data: { title } })
    const own = facts.length ?? length
    return { header, end: offset + (own > 0 && own < length ? own : length) }
  }
}
