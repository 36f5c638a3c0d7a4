import type { LifecycleState, SourceType } from './enums.ts'
import type { LicenseClass, LicenseSuitability } from './schemas/index.ts'

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
    /** True while the bytes must be read again, because the scan was made by another scanner. */
    stale: boolean
  }
  license: {
    status: 'unknown' | 'declared' | 'text' | 'contradiction'
    tag: string | null
    /** What was identified, by text or tag. */
    id: string | null
    class: LicenseClass
    /** For the use that the organization profile declares. */
    suitability: LicenseSuitability
    /** Of the license file: none, one that is known, one that is not, or one that contradicts the card. */
    text: 'none' | 'known' | 'unknown' | 'contradicts'
    /** Somebody accepted the text that is there now. */
    accepted: boolean
    /** The decision in force; null: none. */
    decision: 'approved' | 'rejected' | null
  }
  metadata: {
    /** What the files, the card and the registration say against each other, one sentence each, without those that were approved. */
    contradictions: string[]
  }
  /** Of others than this hub. */
  signature: {
    signed: boolean
    /** By somebody who is trusted for this source, over exactly these files. */
    verified: boolean
    /** Of the one that is told: a verified one, else what is worst; null: there is none. */
    status:
      | 'verified'
      | 'unknown_signer'
      | 'expired_signer'
      | 'signer_not_allowed'
      | 'changed_file'
      | 'removed_file'
      | 'added_file'
      | 'signature_wrong'
      | 'malformed'
      | 'not_verifiable'
      | null
    signer: string | null
    /** The same in words. */
    message: string | null
  }
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
