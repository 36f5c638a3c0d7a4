import type { ArchiveHeader } from './types.ts'

const telling: ReadonlySet<string> = new Set([
  'data.pkl',
  'constants.pkl',
  'pickle',
  'storages',
  'tensors',
  'model_config.yaml',
  'config.json',
  'metadata.json',
  'model.weights.h5',
  'schema.json',
])

/** What the members make of an archive, by the names that loaders look for. Only for showing: it chooses no inspector. */
export function archiveKind(members: Iterable<{ name: string }>): ArchiveHeader['archive'] {
  const bases = new Set<string>()
  let arrays = 0
  let files = 0
  let script = false
  for (const { name } of members) {
    if (name.endsWith('/')) continue
    files += 1
    if (name.endsWith('.npy')) arrays += 1
    if (/(^|\/)code\/.+\.py$/.test(name)) script = true
    const base = name.slice(name.lastIndexOf('/') + 1)
    if (telling.has(base)) bases.add(base)
  }
  if (bases.has('data.pkl')) return script || bases.has('constants.pkl') ? 'torchscript' : 'torch'
  // Before 2020: one tar with three pickles.
  if (bases.has('pickle') && bases.has('storages') && bases.has('tensors')) return 'torch'
  if (bases.has('model_config.yaml')) return 'nemo'
  if (bases.has('config.json') && (bases.has('metadata.json') || bases.has('model.weights.h5'))) return 'keras'
  if (bases.has('schema.json')) return 'skops'
  return files > 0 && arrays === files ? 'npz' : 'plain'
}
