import { baseName, type Marker } from '../description/marker.ts'

const maxLines = 2_000

/** The MLmodel file of MLflow: which flavors can load the model. Source: mlflow, models/model.py. */
export const mlmodel: Marker = {
  kind: 'mlmodel',
  title: 'MLflow model',
  reads: (file) => baseName(file.path) === 'MLmodel',
  atMost: 1,
  look: async ([file], folder) => {
    const text = file === undefined ? null : await folder.text(file)
    if (file === undefined || text === null) return {}
    const lines = text.split(/\r?\n/, maxLines)
    // Block style is what MLflow writes: the names one step in under `flavors`, before the next key at the margin.
    const from = lines.findIndex((line) => /^flavors:\s*$/.test(line))
    const flavors: string[] = []
    for (const line of from < 0 ? [] : lines.slice(from + 1)) {
      if (/^\S/.test(line)) break
      const name = /^ {2}([A-Za-z][\w.-]{0,60}):/.exec(line)?.[1]
      if (name !== undefined && flavors.length < 20) flavors.push(name)
    }
    const signed = lines.some((line) => line.startsWith('signature:'))
    return {
      facts: [
        { key: 'flavors', value: flavors.length > 0 ? flavors : undefined, source: file.path },
        { key: 'hasSignature', value: signed, source: file.path },
        { key: 'format', value: 'mlflow', source: file.path },
      ],
    }
  },
}
