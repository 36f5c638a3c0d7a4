import type { CoverKind } from './coverage.ts'
import type { Budget } from './nested/budget.ts'
import type { ProbeWindow } from './probe.ts'
import type { Reader } from './reader.ts'
import type { Rule } from './rules/define-rule.ts'
import type { Coverage, DataClaim, FormatHeader, Observation } from './types.ts'

/**
 * A format's claim on bytes.
 * `signature`: unmistakable at this place. `guess`: one of the text-like formats, tried in the order of registration only when
 * nothing has a signature, and free to decline once it has read the whole.
 */
export type Claim = {
  /** Where the format begins, counted from the start of the file. */
  offset: number
  certainty: 'signature' | 'guess'
}

/** What an inspector may do: read its part, note facts, say which bytes it accounts for. */
export type InspectContext = {
  reader: Reader
  /** Where the part begins in the file. */
  offset: number
  /** Bytes from `offset` to the end of the file. */
  length: number
  /** Path of the file in its repository, `/`-separated, or '' when unknown. Never a reason to look less closely. */
  path: string
  observe: (observation: Observation) => void
  /** Offsets are counted from the start of the file. */
  cover: (offset: number, length: number, kind: CoverKind) => void
  /** What the file and all that is nested in it may still cost. */
  budget: Budget
  /**
   * True for bytes that an earlier part of the file held as a thing of its own and had inspected in full, so that finding them again by the
   * end of the file is no second format: an archive stored as the last member of another.
   */
  alreadyInspected: (offset: number, length: number) => boolean
  /** Inspects what the part holds as a thing of its own, such as a member of an archive. What it notes carries the member's name. */
  nested: (inner: Nested) => NestedFacts
}

/** Bytes inside a part that are a file of their own to whoever loads it. */
export type Nested = {
  /** As the container names it, `/`-separated; shown as `member`, and taken as its path. */
  name: string
  reader: Reader
  /** Where the bytes lie unchanged and in one piece in the container; absent for what had to be unpacked. */
  offset?: number
}

/** What the scanner learned about nested bytes. Their observations are noted already. */
export type NestedFacts = {
  /** Kind of the format at their start; `unknown`, `empty`. */
  format: string
  header?: FormatHeader
  coverage: Coverage
  /** True when every byte is accounted for and nothing went unread, down to the innermost: only then may the container cover it. */
  complete: boolean
  /** What the inspector of the first part found beyond its facts. */
  found?: unknown
}

export type Inspected = {
  header?: FormatHeader
  /** For the container around the part only, never stored: such as the storages a pickle refers to. */
  found?: unknown
  /** What it takes from other files as tensors. */
  claims?: DataClaim[]
  /** Where the format ends by its own structure, counted from the start of the file. Other formats are looked for from there. */
  end: number
}

export type FormatDefinition = {
  /** Stable, kebab-case; appears as `format` in reports. */
  kind: string
  /** For people. */
  title: string
  /** Lower-case name endings that promise this format; another content under such a name is a mismatch. */
  extensions?: readonly string[]
  /** True when loading or opening such a file can run code, so that finding one inside another file is grave. */
  canRun?: boolean
  /** Looks at the window only. Must not throw, must not allocate by claimed lengths. */
  probe: (window: ProbeWindow) => Claim | undefined
  /** Reads the part. `undefined` declines (guesses only). May throw: the file is then incomplete, never clean. */
  inspect: (context: InspectContext) => Inspected | undefined
  rules: readonly Rule[]
}

/** One format = one file in `formats/` that calls this + one line in `formats/index.ts`. */
export function defineFormat(definition: FormatDefinition): FormatDefinition {
  return definition
}

/** The inspector of a format that is recognized and named but not read: accounts for no byte, so the file is incomplete. */
export function leaveUninspected(title: string): FormatDefinition['inspect'] {
  return ({ offset, length, observe }) => {
    observe({ code: 'scan.uninspected', offset, detail: title, data: { title } })
    return { end: offset + length }
  }
}
