import type { UpdateModel } from '../../../contract/index.ts'
import { conflict, invalid } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { dropBlobRefsOf } from '../../platform/blobs/index.ts'
import { deleteModel, getModel, listVersionRows, updateModel } from '../catalog/index.ts'
import { findUser } from '../identity/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { removeDownloads } from './files/downloads.ts'

/** Changes what people say about a model. Throws `invalid` for an owner who is nobody here. */
export async function editModel(
  deps: LifecycleDeps,
  actor: Actor,
  idOrName: string,
  patch: UpdateModel,
): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const model = await getModel(trx, idOrName)
    if (patch.ownerId != null && (await findUser(trx, patch.ownerId)) === undefined) {
      throw invalid(
        'unknown_owner',
        `There is no person ${patch.ownerId}.`,
        'List the people with `modelhub users ls`.',
      )
    }
    const { ownerId, ...rest } = patch
    const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const columns = { ...defined, ...(ownerId === undefined ? {} : { owner_id: ownerId }) }
    await updateModel(trx, model.id, { ...columns, updated_at: deps.clock.date() })
    const before = {
      description: model.description,
      tags: model.tags,
      ownerId: model.owner_id,
      modality: model.modality,
    }
    await deps.audit(trx, {
      actor,
      action: 'model.update',
      object: { type: 'model', id: model.id, name: model.name },
      projectId: model.project_id,
      before: Object.fromEntries(Object.keys(patch).map((key) => [key, before[key as keyof typeof before]])),
      after: { ...patch },
    })
  })
}

/** Deletes a model nobody uses: versions that are verified, evaluated, published or being ingested are in the way. */
export async function removeModel(deps: LifecycleDeps, actor: Actor, idOrName: string): Promise<void> {
  const removed = await deps.database.transaction(async (trx) => {
    const model = await getModel(trx, idOrName)
    const versions = await listVersionRows(trx, model.id, 10_000)
    const inTheWay = versions.filter((version) => !['draft', 'needs_attention', 'archived'].includes(version.state))
    if (inTheWay.length > 0) {
      throw conflict(
        'model_in_use',
        `${model.name} has ${inTheWay.length} version${inTheWay.length === 1 ? '' : 's'} in use: ${inTheWay
          .slice(0, 5)
          .map((version) => `@${version.number} is ${version.state}`)
          .join(', ')}.`,
        'Archive them first.',
        { details: { versions: inTheWay.slice(0, 50).map(({ id, number, state }) => ({ id, number, state })) } },
      )
    }
    if (versions.some((version) => version.active_job_id !== null)) {
      throw conflict('job_running', `A job works on ${model.name}.`, 'Cancel it first.')
    }
    for (const version of versions) await dropBlobRefsOf(trx, `version:${version.id}`)
    await deleteModel(trx, model.id)
    await deps.audit(trx, {
      actor,
      action: 'model.delete',
      object: { type: 'model', id: model.id, name: model.name },
      projectId: model.project_id,
      before: { name: model.name, versions: versions.length },
    })
    return versions.map(({ id }) => id)
  })
  // What was fetched for drafts goes with them; what is left by a kill right here, the next sweep takes.
  for (const id of removed) await removeDownloads(deps, id)
}
