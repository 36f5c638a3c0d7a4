import { notFound } from '../../../kernel/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { ModelListRow, NamedVersionRow } from './rows.ts'
import { findModelListRow, findVersionRow } from './store.ts'

/** One model by id or name. Throws `not_found`. */
export async function getModel(db: Db | Trx, idOrName: string): Promise<ModelListRow> {
  const model = await findModelListRow(db, idOrName)
  if (model === undefined) {
    throw notFound('model_not_found', `There is no model "${idOrName}".`, 'Search the catalog with `modelhub ls`.')
  }
  return model
}

/** One version by id, `name@number`, or a model's name for its default version. Throws `not_found`. */
export async function getVersion(db: Db | Trx, reference: string): Promise<NamedVersionRow> {
  const version = await findVersionRow(db, reference)
  if (version === undefined) {
    throw notFound(
      'version_not_found',
      `There is no version "${reference}".`,
      'Give a version id, or name@number as `modelhub versions <model>` lists them.',
    )
  }
  return version
}
