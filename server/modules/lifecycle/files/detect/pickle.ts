import type { Marker } from '../description/marker.ts'

const names = /\.(bin|pt|pth|ckpt|pkl|pickle|joblib)$/i
const shown = 20

/** PyTorch and other pickles: named and not read. Loading one runs what it says, so nothing they claim counts. */
export const pickle: Marker = {
  kind: 'pickle',
  title: 'PyTorch and other pickles',
  reads: (file) =>
    names.test(file.path) && (file.format === null || ['pickle', 'zip', 'tar', 'pytorch'].includes(file.format)),
  atMost: 1_000,
  look: (files, folder) => {
    const first = files[0]
    if (first === undefined) return {}
    const safe = folder.files.some((file) => file.format === 'safetensors' || file.format === 'gguf')
    return {
      facts: [
        { key: 'pickles', value: files.slice(0, shown).map((file) => file.path), source: first.path },
        { key: 'weightsTrust', value: safe ? undefined : 'low: pickle', source: first.path },
        {
          key: 'format',
          value: safe ? undefined : /\.(bin|pt|pth|ckpt)$/i.test(first.path) ? 'pytorch' : 'pickle',
          source: first.path,
        },
      ],
      doubts: [
        `${first.path} is of a format that runs code when it is loaded; what it says about itself was not read.`,
      ],
    }
  },
}
