import { Modality, type Source, type SourceNote } from '../../../../contract/index.ts'
import { storedDigests } from '../../catalog/index.ts'
import type { RemoteFile, RemotePin, RemoteSourceKind, Resolved } from '../../sources/index.ts'
import { blockerOf, type CheckDeps, isWeights, type Look, listedFiles, type SeenFile } from './look.ts'

/** Looks at a source elsewhere: nothing is downloaded but answers about it, and a sample of the speed where time matters. */
export async function lookAtRemote(
  deps: CheckDeps,
  kind: RemoteSourceKind,
  source: Source,
  onNote: (note: SourceNote) => void,
  signal?: AbortSignal,
): Promise<Look> {
  const files: RemoteFile[] = []
  let resolved: Resolved | null = null
  let resumable: boolean | null = null
  try {
    resolved = await kind.resolve(source, null, deps.sources, signal)
    for await (const file of kind.list(resolved, deps.sources, onNote, signal)) files.push(file)
    await kind.look(resolved, files, deps.sources, onNote, signal)
    // The largest, because for it all this matters most.
    const [largest] = [...files].sort((a, b) => (b.ref.size ?? 0) - (a.ref.size ?? 0))
    if (largest !== undefined) ({ ranges: resumable } = await kind.probe(resolved, largest, deps.sources, signal))
  } catch (error) {
    signal?.throwIfAborted()
    onNote(blockerOf(error))
  }
  const known = await storedDigests(
    deps.database.db,
    files.flatMap(({ ref }) => ref.sha256 ?? []),
  )
  const alreadyStoredBytes = sum(files.filter(({ ref }) => known.has(ref.sha256 ?? '') && ref.unpack !== true))
  const totalBytes = sum(files)
  const seen = files.slice(0, listedFiles).map(seenOf)
  const unknownSize = files.some(({ ref }) => ref.size === null)
  // What is packed needs room beside what comes out of it, which is hardly ever smaller.
  const unpacked = sum(files.filter((file) => file.ref.unpack === true && seenOf(file).format === 'archive'))
  if (alreadyStoredBytes > 0) {
    onNote({
      level: 'fact',
      message: `${alreadyStoredBytes} bytes of it are in the store already and are not fetched again.`,
    })
  }
  if (unpacked > 0) {
    onNote({
      level: 'fact',
      message:
        'Room is needed for the archive and for what it unpacks to; how much that is, nobody knows before. Twice its size is assumed.',
    })
  }
  return {
    fileCount: files.length,
    totalBytes,
    files: seen,
    license: resolved?.pin.license ?? null,
    modality: modalityOf(resolved?.pin, seen),
    described: describedOf(resolved?.pin),
    neededBytes: unknownSize || resolved === null ? null : totalBytes - alreadyStoredBytes + unpacked,
    alreadyStoredBytes,
    remote: remoteOf(resolved, resumable),
    hosted: null,
  }
}

const sum = (files: readonly RemoteFile[]) => files.reduce((bytes, { ref }) => bytes + (ref.size ?? 0), 0)

function remoteOf(resolved: Resolved | null, resumable: boolean | null): NonNullable<Look['remote']> {
  const pin = resolved?.pin
  const commit = resolved !== null && 'commit' in resolved.source ? resolved.source.commit : undefined
  return {
    pinned: commit ?? pin?.etag ?? null,
    gated: pin?.gated ?? null,
    private: pin?.private ?? null,
    resumable,
    expiresAt: pin?.expiresAt ?? null,
  }
}

/** By the name alone: the bytes are elsewhere. */
function seenOf({ path, ref }: RemoteFile): SeenFile {
  const [, format, title] = byName.find(([ending]) => ending.test(path)) ?? [null, 'unknown', 'Unknown']
  return { path, size: ref.size, format, title }
}

const byName: readonly [RegExp, string, string][] = [
  [/\.safetensors$/i, 'safetensors', 'Safetensors'],
  [/\.gguf$/i, 'gguf', 'GGUF'],
  [/\.onnx(_data)?$/i, 'onnx', 'ONNX'],
  [/\.(bin|pt|pth|ckpt|pkl|pickle)$/i, 'pickle', 'Pickle, by its name'],
  [/\.py$/i, 'python', 'Python source'],
  [/\.(zip|tar|tgz|tar\.gz|tar\.zst|tzst)$/i, 'archive', 'Archive'],
  [/\.json$/i, 'json', 'JSON'],
  [/\.(md|txt|jinja|yaml|yml|model|gitattributes)$|^(license|notice)[^/]*$/i, 'text', 'Text'],
  [/\.(png|jpe?g|gif|webp|svg)$/i, 'image', 'Image'],
]

/** Pipeline tags of the Hugging Face Hub, by what comes out of the model. */
const modalities: readonly [RegExp, string][] = [
  [/^(feature-extraction|sentence-similarity)$/, 'embedding'],
  [/(text|image|unconditional)-to-image|image-generation/, 'image'],
  [/to-video$/, 'video'],
  [/speech|audio/, 'audio'],
  [
    /^(text-generation|text2text-generation|image-text-to-text|text-classification|text-ranking|fill-mask|translation|summarization)$/,
    'text',
  ],
]

/** What the repository's own tag says; the name of a file says too little to hold against anybody. */
function describedOf(pin: RemotePin | undefined): Look['described'] {
  const { task } = pin ?? {}
  if (task === undefined) return null
  const modality = Modality.safeParse(modalities.find(([tag]) => tag.test(task))?.[1]).data ?? null
  return { modality, inputs: /^image-|^visual-|^document-/.test(task) ? ['text', 'image'] : ['text'] }
}

function modalityOf(pin: RemotePin | undefined, seen: readonly SeenFile[]): string | null {
  const { task } = pin ?? {}
  if (task !== undefined) return modalities.find(([tag]) => tag.test(task))?.[1] ?? null
  return seen.some(isWeights) ? 'text' : null
}
