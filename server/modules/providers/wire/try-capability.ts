import type { Capability } from '../../../../contract/index.ts'
import { dialects } from '../dialects/index.ts'
import type { Connection } from './connection.ts'
import { rowOf } from './row.ts'

/** Statuses that say: this request is not for this model. Others say nothing about the model. */
const refusals = new Set([400, 404, 415, 422])

/** Whether a model can do something, tried with one short request; null when the dialect has none or the answer does not tell. */
export async function tryCapability(
  connection: Connection,
  model: string,
  capability: Capability,
): Promise<boolean | null> {
  const { vendor } = connection
  const trial = vendor.dialect === null ? null : dialects.get(vendor.dialect).trial(vendor, model, capability)
  if (trial === null) return null
  const answer = await connection.send(trial.request)
  if (refusals.has(answer.status)) return false
  if (answer.status < 200 || answer.status >= 300) return null
  return trial.shows(answer, rowOf(answer.json))
}
