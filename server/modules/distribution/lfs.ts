import { createHash } from 'node:crypto'

/** Larger files are kept by Git LFS on the Hugging Face Hub whatever they are called (bytes). */
const largestSmallFile = 10 * 2 ** 20

/** Endings that the Hub's own `.gitattributes` gives to Git LFS, and `.gguf`, which its uploaders add. */
const endings = new Set(
  (
    '7z arrow bin bz2 ckpt ftz gguf gz h5 joblib mlmodel model msgpack npy npz onnx ot parquet pb pickle pkl pt pth rar ' +
    'safetensors tar tflite tgz wasm xz zip zst'
  ).split(' '),
)

/** True for a file that the door shows as Git LFS keeps it: named by its SHA-256. The others are named as git names a blob. */
export function isLfs(path: string, size: number): boolean {
  if (size > largestSmallFile) return true
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return (
    endings.has(name.slice(name.lastIndexOf('.') + 1)) ||
    name.includes('.lfs.') ||
    name.includes('.tar.') ||
    name.includes('tfevents') ||
    /(^|\/)saved_model\/.+/.test(path)
  )
}

/** The text that git keeps in place of such a file. Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
export const pointerOf = (sha256: string, size: number): string =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`

/** The name git gives to these bytes. */
export const gitBlobOf = (content: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(content)}\0`)
    .update(content)
    .digest('hex')
