import { traitOfArchitecture } from '../description/architectures.ts'
import { atRoot, type Marker } from '../description/marker.ts'
import { shapeOfConfig } from '../description/shape.ts'
import { factsOfShape } from '../description/shape-facts.ts'
import { asCount, asObject, asText, asTexts, type JsonObject } from '../description/values.ts'

/** The config.json of transformers: what the model is built as. */
export const config: Marker = {
  kind: 'config',
  title: 'Model configuration',
  reads: atRoot('config.json'),
  atMost: 1,
  look: async ([file], folder) => {
    if (file === undefined) return {}
    const value = await folder.json(file)
    if (value === null)
      return { doubts: [`${file.path} is not a JSON object of at most 2 MiB; nothing was read of it.`] }
    const names = asTexts(value['architectures'], 10)
    const type = asText(value['model_type'])
    const shape = shapeOfConfig(value)
    const architecture = names[0] ?? type
    // A sentence-transformers or timm folder may keep another kind of document under this name.
    const trait = traitOfArchitecture(names[0], value)
    return {
      facts: [
        { key: 'architecture', value: architecture, source: file.path },
        { key: 'modelType', value: type, source: file.path },
        ...factsOfShape(shape, file.path),
        { key: 'dtype', value: dtypeOf(value), source: file.path },
        ...latentFacts(shape.latent, file.path),
      ],
      traits: trait === undefined ? [] : [trait],
      structure: {
        config: {
          path: file.path,
          shape,
          architecture,
          extraLayers: asCount(value['num_nextn_predict_layers'], 100) ?? 0,
        },
      },
    }
  },
}

const dtypeOf = (value: JsonObject) => asText(value['dtype']) ?? asText(value['torch_dtype']) ?? innerDtype(value)

function innerDtype(value: JsonObject): string | undefined {
  const inner = asObject(value['text_config'])
  return inner === undefined ? undefined : (asText(inner['dtype']) ?? asText(inner['torch_dtype']))
}

const latentFacts = (latent: { kvLoraRank: number; qkRopeHeadDim: number } | undefined, source: string) =>
  latent === undefined
    ? []
    : [
        { key: 'kvLoraRank', value: latent.kvLoraRank, source },
        { key: 'qkRopeHeadDim', value: latent.qkRopeHeadDim, source },
      ]
