import { labelCount } from '../description/architectures.ts'
import { atRoot, type Marker } from '../description/marker.ts'
import { asObject, asText, asTexts } from '../description/values.ts'

const shown = 100

/** The labels of a classifier, in the order of their ids. */
export const labels: Marker = {
  kind: 'labels',
  title: 'Labels of a classifier',
  reads: atRoot('config.json'),
  atMost: 1,
  look: async ([file], folder) => {
    const config = file === undefined ? null : await folder.json(file)
    if (file === undefined || config === null) return {}
    const classifies = asTexts(config['architectures'], 10).some((name) => /(Classification|Detection)$/.test(name))
    if (!classifies) return {}
    const named = asObject(config['id2label'])
    const names =
      named === undefined
        ? []
        : Object.entries(named)
            .sort(([a], [b]) => Number(a) - Number(b))
            .slice(0, shown)
            .flatMap(([, label]) => asText(label) ?? [])
    return {
      facts: [
        { key: 'labelCount', value: labelCount(config), source: file.path },
        { key: 'labels', value: names.length > 0 ? names : undefined, source: file.path },
      ],
    }
  },
}
