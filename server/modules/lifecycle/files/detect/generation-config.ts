import { atRoot, type Marker } from '../description/marker.ts'
import { asCount, asFactor } from '../description/values.ts'

/** The defaults its publisher generates with. Source: transformers, generation/configuration_utils.py. */
export const generationConfig: Marker = {
  kind: 'generation-config',
  title: 'Generation defaults',
  reads: atRoot('generation_config.json'),
  atMost: 1,
  look: async ([file], folder) => {
    const config = file === undefined ? null : await folder.json(file)
    if (file === undefined || config === null) return {}
    const source = file.path
    return {
      facts: [
        { key: 'defaultTemperature', value: asFactor(config['temperature']), source },
        { key: 'defaultTopP', value: asFactor(config['top_p']), source },
        { key: 'defaultTopK', value: asCount(config['top_k'], 1e6), source },
        { key: 'defaultMaxNewTokens', value: asCount(config['max_new_tokens'], 2 ** 31), source },
      ],
    }
  },
}
