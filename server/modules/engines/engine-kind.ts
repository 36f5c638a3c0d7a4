import type { EngineSpec, FileFingerprint, StateReason } from '../../../contract/index.ts'

/** A file of a version as an engine sees it. */
export type EngineFile = {
  path: string
  realPath: string
  size: number
  /** Absent for files of the content-addressed store, whose bytes never change. */
  fingerprint?: FileFingerprint
  /** Format by content, such as `gguf`. */
  format: string | null
}

export type EnginePlan = { fit: true; spec: Omit<EngineSpec, 'deploymentId'> } | { fit: false; reason: StateReason }

/** A kind of engine: which versions it can run and what it needs to run them. */
export type EngineKind = {
  kind: string
  title: string
  plan: (files: readonly EngineFile[]) => EnginePlan
}
