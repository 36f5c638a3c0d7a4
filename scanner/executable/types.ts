import type { FormatHeader } from '../types.ts'

/** What the header of native or portable code says. */
export type ExecutableHeader = FormatHeader & {
  /** Program, library, object and the like; null when the header is cut or says something unknown. */
  role: string | null
  /** Name of the processor it is for; null when unknown or for any. */
  machine: string | null
  /** What it calls from outside: modules and functions of WebAssembly, at most 50. */
  imports?: string[]
  /** Text of a shortcut or first line of a script, escaped. */
  command?: string
  /** True for a program that several systems run, as llamafile makes. */
  manySystems?: boolean
}
