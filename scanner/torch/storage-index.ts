import { escapeText } from '../evidence.ts'
import { type StorageReference, storageItemBytes } from '../pickle/storages.ts'

export type StorageIndex = {
  /** Adds what a pickle of the archive refers to. @param pickle its name, such as `archive/data.pkl` */
  add: (pickle: string, storages: readonly StorageReference[]) => void
  /** True for names in the folders where tensors of the pickles lie. */
  has: (name: string) => boolean
  /** What is known of a member: `proven` by a pickle to be so many bytes of tensor, `differs` in size, or `unreferenced` beside those. */
  judge: (
    name: string,
    size: number,
  ) => { state: 'proven' | 'differs' | 'unreferenced' | 'other'; expected?: string; reference?: StorageReference }
  /** Keys that no member answered to, at most ten, and how many there are. */
  missing: () => { keys: string[]; count: number }
}

type Entry = { reference: StorageReference; conflict: boolean; seen: boolean }

/** Which members of a torch archive are storages of tensors, by what its pickles refer to. Names are compared as torch does: without case. */
export function createStorageIndex(): StorageIndex {
  /** By pickle, then by key. */
  const pickles: Map<string, Entry>[] = []
  const folders = new Map<string, { entries: Map<string, Entry>; own: boolean }[]>()

  function addFolder(folder: string, entries: Map<string, Entry>, own: boolean): void {
    const known = folders.get(folder)
    if (known === undefined) folders.set(folder, [{ entries, own }])
    else known.push({ entries, own })
  }

  function add(pickle: string, storages: readonly StorageReference[]): void {
    if (storages.length === 0) return
    const entries = new Map<string, Entry>()
    for (const reference of storages) {
      const key = String(reference.key).toLowerCase()
      const known = entries.get(key)
      if (known === undefined) entries.set(key, { reference, conflict: false, seen: false })
      else if (known.reference.elements !== reference.elements || known.reference.dtype !== reference.dtype) {
        const one = expectedBytes(known.reference)
        if (one === undefined || one !== expectedBytes(reference)) known.conflict = true
      }
    }
    pickles.push(entries)
    const path = pickle.toLowerCase()
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    const stem = path.slice(folder.length).replace(/\.[^.]*$/, '')
    // A pickle keeps its tensors in the folder of its name; TorchScript for phones shares one of the two.
    for (const inner of new Set([stem, 'data', 'constants'])) addFolder(`${folder}${inner}`, entries, inner === stem)
    // torch.package keeps the storages of all its pickles in one folder at the top.
    addFolder(`${path.slice(0, path.indexOf('/') + 1)}.data`, entries, true)
  }

  function judge(name: string, size: number): ReturnType<StorageIndex['judge']> {
    const path = name.toLowerCase()
    const slash = path.lastIndexOf('/')
    const folder = path.slice(0, slash)
    const inFolder = slash < 0 ? undefined : folders.get(folder)
    if (inFolder === undefined) return { state: 'other' }
    const packaged = folder.endsWith('.data')
    const last = path.slice(slash + 1)
    if (packaged && !last.endsWith('.storage')) return { state: 'other' }
    const key = packaged ? last.slice(0, -'.storage'.length) : last
    const candidates = inFolder.flatMap(({ entries: some, own }) => {
      const entry = some.get(key)
      return entry === undefined ? [] : [{ entry, own }]
    })
    const owned = candidates.filter(({ own }) => own)
    const entries = (owned.length > 0 ? owned : candidates).map(({ entry }) => entry)
    const first = entries[0]
    if (first === undefined) return { state: /\.[a-z]/.test(key) ? 'other' : 'unreferenced' }
    for (const entry of entries) entry.seen = true
    const fits = entries.every((entry) => !entry.conflict && isSize(entry.reference, size))
    if (fits) return { state: 'proven', reference: first.reference }
    const { elements, dtype } = first.reference
    return {
      state: 'differs',
      expected: `${elements ?? 'an unknown number of'} elements of ${dtype}`,
      reference: first.reference,
    }
  }

  function missing(): { keys: string[]; count: number } {
    const keys: string[] = []
    let count = 0
    for (const entries of pickles) {
      for (const [key, { seen, reference }] of entries) {
        // Nothing is written for an empty storage by some versions.
        if (seen || reference.elements === 0) continue
        count += 1
        if (keys.length < 10) keys.push(escapeText(key, 80))
      }
    }
    return { keys, count }
  }

  function has(name: string): boolean {
    const slash = name.lastIndexOf('/')
    return slash >= 0 && folders.has(name.slice(0, slash).toLowerCase())
  }

  return { add, has, judge, missing }
}

function expectedBytes({ dtype, elements }: StorageReference): number | undefined {
  const each = storageItemBytes(dtype)
  return elements === null || each === undefined ? undefined : elements * each
}

function isSize(reference: StorageReference, size: number): boolean {
  const { elements } = reference
  if (elements === null) return false
  const expected = expectedBytes(reference)
  return expected === undefined ? isPlausible(size, elements) : expected === size
}

/** True when the size can be that of so many elements of a type that is not known. */
function isPlausible(size: number, elements: number): boolean {
  if (elements === 0) return size === 0
  return [1, 2, 4, 8, 16].includes(size / elements)
}
