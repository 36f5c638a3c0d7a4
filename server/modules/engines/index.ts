/** Engines: what can run a version, and what it needs for that. A kind is one file in `kinds/`. */
export type { EngineFile, EngineKind, EnginePlan } from './engine-kind.ts'
export { engineKinds } from './kinds/index.ts'
