import type { LifecycleState, SourceType } from './enums.ts'

/**
 * The evidence record of one version: what modules pass to each other and what policies see. Unknown is null, never a
 * comfortable default.
 */
export type VersionFacts = {
  version: {
    id: string
    state: LifecycleState
    source: SourceType
    digest: string | null
    files: number
    bytes: number
  }
  /** Of a model that a provider hosts; all null or false for a version of files. */
  hosted: {
    /** Kind of the provider; null: the files are here. Integrity and scan do not apply to what is hosted. */
    provider: string | null
    /** The provider's id of the model. */
    model: string | null
    /** Null: the provider has none to choose, or none is known. */
    region: string | null
    deprecated: boolean
    /** Day on which it ends, `YYYY-MM-DD`; null: not said. */
    ends: string | null
    replacement: string | null
  }
  model: { name: string; project: string; owner: string | null; tags: string[] }
  integrity: {
    /** Every file has a digest and the manifest digest was computed from them. */
    complete: boolean
    /** False when a stored or registered file no longer matches its digest or fingerprint. */
    intact: boolean
  }
  scan: {
    /** Null: not scanned. */
    verdict: 'pass' | 'review' | 'incomplete' | 'block' | null
    critical: number
    high: number
    medium: number
    low: number
    info: number
    /** High findings that no unexpired approval or waiver covers. */
    openHigh: number
    openCritical: number
    /** True when `incomplete` stands without a waiver. */
    openIncomplete: boolean
  }
  license: { status: 'unknown' | 'declared' | 'text' | 'contradiction'; tag: string | null }
  metadata: {
    /** What the files, the card and the registration say against each other, one sentence each, without those that were approved. */
    contradictions: string[]
  }
  signature: { signed: boolean; verified: boolean }
  evidence: {
    benchmarks: number
    evaluations: number
    /** Best score 0..1 over finished evaluations; null: none. */
    score: number | null
    /** The recorded reason for publishing without evidence. */
    noEvidenceBecause: string | null
  }
  approval: { publish: boolean }
}
