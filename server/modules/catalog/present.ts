import type { EvidenceSummary, Model, ModelVersion } from '../../../contract/index.ts'
import { givenHardware } from './given-metadata.ts'
import type { ModelListRow, NamedVersionRow } from './rows.ts'

export const noEvidence: EvidenceSummary = { quality: null, speed: null, invalidRun: null }

/** A version as the API shows it; its evidence comes from the modules that measured it. */
export function presentVersion(row: NamedVersionRow, evidence: EvidenceSummary): ModelVersion {
  const mode = row.source.type === 'disk' ? row.source.mode : null
  const repository = row.source.type === 'huggingface' ? row.source : undefined
  return {
    id: row.id,
    modelId: row.model_id,
    modelName: row.model_name,
    projectId: row.project_id,
    number: row.number,
    state: row.state,
    stateReason: row.state_reason,
    stateSince: row.state_since.toISOString(),
    stepDates: row.step_dates,
    source: {
      type: row.source_type,
      address: row.source_address,
      mode,
      commit: repository?.commit ?? null,
      watched: repository?.watch ?? false,
    },
    digest: row.digest,
    verdict: row.verdict,
    hosted: null,
    notices: [],
    license: row.license,
    fileCount: row.file_count,
    totalBytes: Number(row.total_bytes),
    modality: row.modality,
    tasks: row.tasks,
    endpoints: row.endpoints,
    metadata: row.metadata,
    hardware: givenHardware(row.metadata),
    evidence,
    activeJobId: row.active_job_id,
    createdBy: row.created_by_name,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function presentModel(row: ModelListRow, defaultVersion: ModelVersion): Model {
  return {
    id: row.id,
    name: row.name,
    projectId: row.project_id,
    projectName: row.project_name,
    ownerId: row.owner_id,
    ownerName: row.owner_name,
    description: row.description,
    tags: row.tags,
    modality: row.modality,
    starter: row.starter,
    state: row.state,
    defaultVersion,
    versionCount: row.version_count,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
