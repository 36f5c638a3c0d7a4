import { safetensorsHeaderOf } from '../../../../../scanner/index.ts'
import type { FolderFile } from '../description/folder.ts'
import { baseName, type Marker, type Weights } from '../description/marker.ts'

const shardName = /^(.*)-\d{5}-of-\d{5}\.safetensors$/
const adapterName = /^adapter_(model|config)/

/** Weights with a JSON head: exact tensors, dtypes and sizes. */
export const safetensors: Marker = {
  kind: 'safetensors',
  title: 'safetensors weights',
  reads: (file) => file.format === 'safetensors',
  atMost: 4_096,
  look: (files, folder) => {
    const set = weightsOfModel(files, folder.files)
    const first = set[0]
    if (first === undefined) return {}
    const weights = set.flatMap((file): Weights[] => {
      const header = file.header === undefined ? undefined : safetensorsHeaderOf({ header: file.header })
      if (header === undefined) return []
      const { tensorCount, parameterCount, dtypes, tensors } = header
      return [{ path: file.path, format: 'safetensors', tensorCount, elements: parameterCount, dtypes, tensors }]
    })
    return { facts: [{ key: 'format', value: 'safetensors', source: first.path }], structure: { weights } }
  },
}

/**
 * The files that are one model. Repositories also hold the same weights once more: in another precision (`model.fp16.safetensors`) or
 * in the layout of their first publisher (`consolidated…`). A pipeline keeps one set in each of its folders.
 */
function weightsOfModel(files: readonly FolderFile[], all: readonly FolderFile[]): readonly FolderFile[] {
  const isPipeline = all.some((file) => file.path === 'model_index.json')
  const folders = new Map<string, FolderFile[]>()
  for (const file of files) {
    const name = baseName(file.path)
    if (isPipeline ? !file.path.includes('/') : adapterName.test(name)) continue
    const folder = file.path.slice(0, -name.length)
    folders.set(folder, [...(folders.get(folder) ?? []), file])
  }
  if (folders.size === 0) return files
  if (isPipeline) return [...folders.values()].flatMap(oneOf)
  const root = folders.get('') ?? [...folders.values()][0]
  return root === undefined ? [] : oneOf(root)
}

/** Of the files of one folder, those of one set: shards before single files, the plain name before variants. */
function oneOf(files: readonly FolderFile[]): readonly FolderFile[] {
  if (files.length === 1) return files
  const stems = new Map<string, FolderFile[]>()
  for (const file of files) {
    const stem = shardName.exec(baseName(file.path))?.[1] ?? baseName(file.path)
    stems.set(stem, [...(stems.get(stem) ?? []), file])
  }
  const rank = (stem: string) =>
    (/^(model|pytorch_model|diffusion_pytorch_model)(\.safetensors)?$/.test(stem) ? 0 : 2) +
    (/^consolidated|\.(fp16|bf16|fp32|non_ema)\b/.test(stem) ? 4 : 0)
  const sorted = [...stems].sort(([a, one], [b, other]) => rank(a) - rank(b) || other.length - one.length)
  // Files of unlike names are parts of one model in old repositories; nothing says which belong together.
  const [best] = sorted
  if (best === undefined) return files
  return rank(best[0]) < 2 ? best[1] : sorted.filter(([stem]) => rank(stem) === rank(best[0])).flatMap(([, set]) => set)
}
