import { invalid } from '../../kernel/index.ts'
import { scanBody } from './scan-body.ts'

/**
 * Refuses a request by which a provider could be made to answer with another model than the route carries: one that names a model
 * twice (readers of JSON differ in which they take, some ignore case), or that lists others to fall back on.
 * @param bytes a JSON object with a top-level `model`
 * @throws HubError `model_ambiguous`
 */
export function refuseOtherModels(bytes: Buffer, namesOthers: boolean): void {
  const twice = scanBody(bytes, 'model').alike > 1
  if (!twice && !namesOthers) return
  throw invalid(
    'model_ambiguous',
    twice ? 'The body names its "model" more than once.' : 'The body names other "models" beside "model".',
    'Name one model; which targets a route falls back on is set in the hub.',
    { details: { param: twice ? 'model' : 'models' } },
  )
}

/** The same bytes with another value of the top-level `model`. @param bytes a JSON object that has one */
export function withModel(bytes: Buffer, model: string): Buffer {
  const { span } = scanBody(bytes, 'model')
  if (span === undefined) return bytes
  return Buffer.concat([bytes.subarray(0, span.start), Buffer.from(JSON.stringify(model)), bytes.subarray(span.end)])
}
