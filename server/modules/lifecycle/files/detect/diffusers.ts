import { atRoot, type Marker, type Trait } from '../description/marker.ts'
import { asText } from '../description/values.ts'

const maxComponents = 50

/** The index of a diffusers pipeline: its class and the parts it is put together from. Source: diffusers, pipeline_utils.py. */
export const diffusers: Marker = {
  kind: 'diffusers',
  title: 'Diffusers pipeline',
  reads: atRoot('model_index.json'),
  atMost: 1,
  look: async ([file], folder) => {
    const index = file === undefined ? null : await folder.json(file)
    if (file === undefined || index === null) return {}
    const pipeline = asText(index['_class_name'])
    if (pipeline === undefined) return { doubts: [`${file.path} names no pipeline; nothing was read of it.`] }
    const present = new Set(folder.files.map(({ path }) => path.split('/')[0]))
    const components: string[] = []
    const missing: string[] = []
    for (const [name, value] of Object.entries(index)) {
      const [library, type] = Array.isArray(value) ? (value as unknown[]) : []
      if (name.startsWith('_') || asText(library) === undefined || asText(type) === undefined) continue
      if (components.length < maxComponents) components.push(`${name.slice(0, 60)}: ${asText(type)}`)
      if (!present.has(name)) missing.push(name.slice(0, 60))
    }
    return {
      facts: [
        { key: 'architecture', value: pipeline, source: file.path },
        { key: 'pipeline', value: pipeline, source: file.path },
        { key: 'components', value: components.length > 0 ? components : undefined, source: file.path },
        { key: 'library', value: 'diffusers', source: file.path },
      ],
      traits: [traitOf(pipeline)],
      contradictions:
        missing.length > 0
          ? [`${file.path} names the component ${missing[0]}, but the folder has nothing of that name.`]
          : [],
    }
  },
}

function traitOf(pipeline: string): Trait {
  if (/Video|Animate|I2V|T2V|^(Wan|LTX|CogVideo|Mochi|Allegro|Latte)/.test(pipeline)) return 'video-generation'
  return /Audio|Music|Spectrogram|DanceDiffusion/.test(pipeline) ? 'audio-generation' : 'image-generation'
}
