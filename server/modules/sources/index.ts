/** Sources: where models come from. A kind is one file in `kinds/`. */
export { fingerprintOf, sameFingerprint } from './fingerprint.ts'
export { sourceKinds } from './kinds/index.ts'
export type { OpenedFile, PlannedFile, SourceContext, SourceKind } from './source-kind.ts'
