import type { PolicyMode, ReadinessCheck, StateReason, VersionFacts } from '../../../contract/index.ts'

/** What the words of a denial may name beyond the facts. */
export type PolicyContext = {
  facts: VersionFacts
  /** One line per open finding, worst first, such as `GGUF-BOUNDS-002 in model.gguf at offset 24: …`. */
  findings: readonly string[]
  /** Why the version needs attention, when it does. */
  stateReason: StateReason | null
}

/** A gate as data: a CEL expression over the facts, and the words of its answers. */
export type PolicyDefinition = {
  kind: string
  title: string
  /** The transition or door it guards. */
  gate: 'publish'
  /** CEL; true passes. */
  expression: string
  mode: PolicyMode
  whoCanWaive: string | null
  /** What passing means, in one sentence. */
  passes: string
  /** In its place where it depends on the version. */
  passesFor?: (facts: VersionFacts) => string
  /** Why it does not pass. */
  message: (context: PolicyContext) => string
  /** The fact the rule read, with its value. */
  fact: (facts: VersionFacts) => string
  remedy: (context: PolicyContext) => string
  /** False for a version that it has nothing to do with: it is then not in the checklist. Absent: it concerns every version. */
  concerns?: (facts: VersionFacts) => boolean
  /** Why there is nothing to judge although it concerns the version; null: there is. What does not apply neither passes nor fails. */
  notApplicable?: (facts: VersionFacts) => string | null
  /** True where not passing means "nobody knows yet" rather than "bad". */
  incomplete?: (facts: VersionFacts) => boolean
  action: ReadinessCheck['action']
  /** In its place where it depends on the version. */
  actionFor?: (facts: VersionFacts) => ReadinessCheck['action']
}
