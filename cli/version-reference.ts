import { invalid } from '../kernel/index.ts'
import { unwrap } from '../sdk/index.ts'
import type { ModelVersion } from './api-types.ts'
import type { Hub } from './hub.ts'

/** True for a version id and for `name@number`; a bare name or model id means a model. */
export const isVersionReference = (text: string): boolean => text.includes('@') || /^ver_[0-9a-z]{22}$/.test(text)

/** The version of a reference to look at: a model stands for its default version. */
export async function versionToShow(hub: Hub, reference: string): Promise<string> {
  if (isVersionReference(reference)) return reference
  const model = await unwrap(hub.client.GET('/models/{id}', { params: { path: { id: reference } } }))
  return model.defaultVersion.id
}

/**
 * The version of a reference to act on. A model stands for its only version; with several the person has to say which, because
 * the default version is rarely the one that is meant to change.
 */
export async function versionToChange(hub: Hub, reference: string): Promise<string> {
  if (isVersionReference(reference)) return reference
  const model = await unwrap(hub.client.GET('/models/{id}', { params: { path: { id: reference } } }))
  if (model.versionCount === 1) return model.defaultVersion.id
  throw invalid(
    'which_version',
    `${model.name} has ${model.versionCount} versions.`,
    `Say which one, such as ${versionName(model.defaultVersion)}. List them: modelhub versions ${model.name}`,
  )
}

export const versionName = (version: Pick<ModelVersion, 'modelName' | 'number'>): string =>
  `${version.modelName}@${version.number}`
