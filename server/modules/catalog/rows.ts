import type {
  EndpointKind,
  LicenseSummary,
  LifecycleState,
  Metadata,
  Modality,
  Onboarding,
  Source,
  SourceType,
  StateReason,
} from '../../../contract/index.ts'
import type { Verdict } from '../../../kernel/index.ts'

export type ModelRow = {
  id: string
  project_id: string
  name: string
  name_key: string
  owner_id: string | null
  description: string
  tags: string[]
  modality: Modality | null
  starter: boolean
  default_version_id: string | null
  state: LifecycleState
  source_type: SourceType | null
  verdict: Verdict | null
  license_label: string | null
  total_bytes: number
  version_count: number
  created_at: Date
  updated_at: Date
}

/** A model as lists show it, with the names of what it points to. */
export type ModelListRow = ModelRow & { project_name: string; owner_name: string | null }

/** What a hosted version is, with the provider and model of its source: it has no bytes that a digest could name. */
export type HostedIdentity = {
  /** As given, or that of the credential; null: the provider has none to choose. */
  region: string | null
  /** Base address that answered. */
  api: string
  /** Day on which it first answered, `YYYY-MM-DD`. */
  date: string
  offeringId: string
}

export type VersionRow = {
  id: string
  model_id: string
  project_id: string
  number: number
  state: LifecycleState
  state_reason: StateReason | null
  state_since: Date
  step_dates: Record<string, string>
  source: Source
  source_type: SourceType
  source_address: string
  digest: string | null
  verdict: Verdict | null
  license: LicenseSummary | null
  file_count: number
  total_bytes: number
  modality: Modality | null
  tasks: string[]
  endpoints: EndpointKind[]
  metadata: Metadata
  /** Set once what a provider hosts has answered; null: not yet, or a version of files. */
  hosted: HostedIdentity | null
  /** Why no engine here can run it; null: not tried, or it runs. */
  engine_reason: StateReason | null
  intact: boolean
  no_evidence_because: string | null
  onboarding: Onboarding
  active_job_id: string | null
  created_by: string
  created_by_name: string
  created_at: Date
  updated_at: Date
}

export type NamedVersionRow = VersionRow & { model_name: string; owner_id: string | null; tags: string[] }

/** Columns of a version that steps fill in. */
export type VersionPatch = Partial<
  Pick<
    VersionRow,
    | 'digest'
    | 'verdict'
    | 'license'
    | 'file_count'
    | 'total_bytes'
    | 'modality'
    | 'tasks'
    | 'endpoints'
    | 'metadata'
    | 'hosted'
    | 'engine_reason'
    | 'state_reason'
    | 'intact'
    | 'no_evidence_because'
    | 'active_job_id'
    | 'onboarding'
  >
>
