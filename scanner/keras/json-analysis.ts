import type { JsonAnalysis } from '../json/analyses.ts'
import { analyzeKerasConfig } from './analyze-config.ts'

/** Top-level names of what Keras saves: a v3 model's config.json, `model.to_json()`, legacy training configurations. */
const names =
  /^(class_name|registered_name|module|config|model_config|training_config|optimizer_config|compile_config|build_config|layers|keras_version|functions?)$/
/** Any document of this size is looked at: Keras rebuilds classes below names of any kind. */
const alwaysBelow = 1024 * 1024

/** Keras configurations among JSON documents. */
export const kerasJsonAnalysis: JsonAnalysis = {
  wants: (keys, root, length) => root !== 'scalar' && (length <= alwaysBelow || keys.some((key) => names.test(key))),
  read: ({ reader, offset, length, observe }) => {
    const mark = reader.read(offset, 1)[0] === 0xef ? 3 : 0
    analyzeKerasConfig({ reader, offset: offset + mark, length: length - mark, member: '' }, observe)
  },
}
