import type { Hardware, LicenseSummary, Modality, Onboarding, Source } from '../../../contract/index.ts'
import { type Clock, conflict, type NewId } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { givenMetadata } from './given-metadata.ts'
import type { ModelRow, VersionRow } from './rows.ts'
import { insertModel, insertVersion, lockModelByName, maxVersionNumber, refreshModel } from './store.ts'

export type RegisterInput = {
  actor: Actor
  name: string
  projectId: string
  ownerId: string | null
  source: Source
  sourceAddress: string
  modality?: Modality | undefined
  hardware?: Hardware | undefined
  description?: string | undefined
  tags?: string[] | undefined
  onboarding: Onboarding
  starter?: boolean
  license?: LicenseSummary
}

/**
 * A Draft version: the first of a new model, or the next one of the model of that name. Throws `conflict` when another project
 * holds the name.
 */
export async function registerVersion(
  deps: { clock: Clock; newId: NewId },
  trx: Trx,
  input: RegisterInput,
): Promise<{ modelId: string; versionId: string; number: number; newModel: boolean }> {
  const now = deps.clock.date()
  const { model, newModel } = await findOrMakeModel(deps, trx, input, now)
  if (model.project_id !== input.projectId) {
    throw conflict('name_taken', `The name ${input.name} belongs to another project.`, 'Choose another name.')
  }
  const number = (await maxVersionNumber(trx, model.id)) + 1
  const versionId = deps.newId('version')
  await insertVersion(trx, newVersionRow(versionId, model.id, number, input, now))
  await refreshModel(trx, model.id, now)
  return { modelId: model.id, versionId, number, newModel }
}

/** The model of that name, locked, so that versions of one model are numbered one after the other. */
async function findOrMakeModel(
  deps: { newId: NewId },
  trx: Trx,
  input: RegisterInput,
  now: Date,
): Promise<{ model: ModelRow; newModel: boolean }> {
  const known = await lockModelByName(trx, input.name)
  if (known !== undefined) return { model: known, newModel: false }
  const made = newModelRow(deps.newId('model'), input, now)
  if (await insertModel(trx, made)) return { model: made, newModel: true }
  // Another registration of the name was faster; it has ended, or the insert would still wait for it.
  const first = await lockModelByName(trx, input.name)
  if (first === undefined) {
    throw conflict('name_in_motion', `The model ${input.name} was being deleted.`, 'Try again.')
  }
  return { model: first, newModel: false }
}

function newModelRow(id: string, input: RegisterInput, now: Date): ModelRow {
  return {
    id,
    project_id: input.projectId,
    name: input.name,
    name_key: input.name.toLowerCase(),
    owner_id: input.ownerId,
    description: input.description ?? '',
    tags: input.tags ?? [],
    modality: input.modality ?? null,
    starter: input.starter ?? false,
    default_version_id: null,
    state: 'draft',
    source_type: input.source.type,
    verdict: null,
    license_label: null,
    total_bytes: 0,
    version_count: 0,
    created_at: now,
    updated_at: now,
  }
}

function newVersionRow(id: string, modelId: string, number: number, input: RegisterInput, now: Date): VersionRow {
  return {
    id,
    model_id: modelId,
    project_id: input.projectId,
    number,
    state: 'draft',
    state_reason: null,
    state_since: now,
    step_dates: { draft: now.toISOString() },
    source: input.source,
    source_type: input.source.type,
    source_address: input.sourceAddress,
    digest: null,
    verdict: null,
    license: null,
    file_count: 0,
    total_bytes: 0,
    modality: input.modality ?? null,
    tasks: [],
    endpoints: [],
    metadata: givenMetadata(input, now.toISOString()),
    hosted: null,
    engine_reason: null,
    intact: true,
    no_evidence_because: null,
    onboarding: input.onboarding,
    active_job_id: null,
    created_by: input.actor.id,
    created_by_name: input.actor.name,
    created_at: now,
    updated_at: now,
  }
}
