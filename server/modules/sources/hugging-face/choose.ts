import type { SourceNote } from '../../../../contract/index.ts'
import type { RepoFile } from './api.ts'

/** Endings of weights that are pickles, or made for frameworks whose loaders run code. */
const pickled = /\.(bin|pt|pth|ckpt|pkl|pickle|h5|msgpack|ot)$/i
/** What a training run leaves: pickles that hold no weights of the model. */
const leftovers = /^(optimizer|scheduler|training_args|rng_state(_\d+)?|scaler)\.(pt|bin|pth)$/i
const safe = /\.(safetensors|gguf)$/i

type Left = { path: string; size: number }

/**
 * The files taken when nobody said which: weights as safetensors or GGUF before pickles of the same weights, and nothing that only a
 * training run needs. What is left out is noted with its reason.
 */
export function chooseFiles(files: readonly RepoFile[], onNote: (note: SourceNote) => void): RepoFile[] {
  const safeFolders = new Map<string, Set<string>>()
  for (const { path } of files) {
    if (!safe.test(path)) continue
    const { folder, stem } = partsOf(path)
    safeFolders.set(folder, (safeFolders.get(folder) ?? new Set()).add(stem))
  }
  const same: Left[] = []
  const training: Left[] = []
  const kept = files.filter((file) => {
    const { folder, name, stem } = partsOf(file.path)
    if (safeFolders.size > 0 && leftovers.test(name)) {
      training.push(file)
      return false
    }
    if (!pickled.test(name)) return true
    const stems = safeFolders.get(folder)
    // The layout of some publishers keeps the same weights once more below `original/`.
    const original = folder === 'original' && safeFolders.has('')
    if (!original && (stems === undefined || !(stems.has(stem) || (isModel(stem) && [...stems].some(isModel)))))
      return true
    same.push(file)
    return false
  })
  note(same, 'that hold the same weights as pickles or for other frameworks', onNote)
  note(training, 'that only a training run needs', onNote)
  noteVariants(kept, onNote)
  return kept
}

function note(left: readonly Left[], why: string, onNote: (note: SourceNote) => void): void {
  if (left.length === 0) return
  const bytes = left.reduce((sum, { size }) => sum + size, 0)
  const names = left.slice(0, 3).map(({ path }) => path)
  const more = left.length > names.length ? ` and ${left.length - names.length} more` : ''
  onNote({
    level: 'fact',
    message: `Left out: ${left.length} ${left.length === 1 ? 'file' : 'files'} (${bytes} bytes) ${why}: ${names.join(', ')}${more}.`,
    remedy: 'To take them, name what is wanted with include.',
  })
}

/** Repositories of GGUF files hold the same model in many quantizations; most people want one. */
function noteVariants(kept: readonly RepoFile[], onNote: (note: SourceNote) => void): void {
  const variants = new Map<string, number>()
  for (const { path, size } of kept) {
    if (!/\.gguf$/i.test(path) || /mmproj/i.test(path)) continue
    const key = path.replace(/-\d{5}-of-\d{5}\.gguf$/i, '.gguf')
    variants.set(key, (variants.get(key) ?? 0) + size)
  }
  if (variants.size < 2) return
  const total = [...variants.values()].reduce((sum, size) => sum + size, 0)
  const example = [...variants.keys()].find((path) => /q4_k_m/i.test(path)) ?? [...variants.keys()][0] ?? ''
  onNote({
    level: 'doubt',
    message: `The repository holds ${variants.size} GGUF files or sets, ${total} bytes together; all of them would be taken.`,
    remedy: `Name the one that is wanted with include, such as ${example}.`,
  })
}

/** Folder, name, and the name without ending, shard number and precision, so that both formats of one weight file agree. */
function partsOf(path: string): { folder: string; name: string; stem: string } {
  const at = path.lastIndexOf('/')
  const name = path.slice(at + 1)
  const stem = name
    .replace(/\.[^.]+$/, '')
    .replace(/-\d{5}-of-\d{5}$/, '')
    .replace(/\.(fp16|fp32|bf16|non_ema)$/, '')
  return { folder: at < 0 ? '' : path.slice(0, at), name, stem }
}

/** The names that the libraries give to the weights of a whole model. */
const isModel = (stem: string) =>
  /^((pytorch|tf|flax|rust|diffusion_pytorch|diffusion_flax)_)?model$|^consolidated(\.\d+)?$|^adapter_model$/.test(stem)
