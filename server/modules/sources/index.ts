/** Sources: where models come from. A kind is one file in `kinds/`. */
export { isAt } from './disk-descriptor.ts'
export { fingerprintOf, sameFingerprint } from './fingerprint.ts'
export { sourceKinds } from './kinds/index.ts'
export { untilSettled } from './settle.ts'
export type { OpenedFile, PlannedFile, SourceContext, SourceKind } from './source-kind.ts'
