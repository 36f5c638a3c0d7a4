import type { TorchFacts } from '../archive/types.ts'
import type { InspectContext } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import type { PickleFound } from '../pickle/storages.ts'
import type { Reader } from '../reader.ts'
import { checkTorchScript } from './check-code.ts'
import { runnableStorage } from './runnable-storage.ts'
import { createStorageIndex } from './storage-index.ts'

/** The torch side of an archive: what its pickles say of its other members. */
export type TorchArchive = {
  /** Takes what an inspected pickle refers to. */
  addPickle: (name: string, found: unknown) => void
  /** True for names in the folders where pickles keep their tensors. */
  mayBeStorage: (name: string) => boolean
  /**
   * True when the bytes are proven to be the storage of a tensor and nothing else, so that nobody needs to read them. Notes what speaks
   * against it.
   */
  isStorage: (name: string, content: Reader, offset: number) => boolean
  /** Looks at a member that was inspected for itself. */
  addOther: (name: string, content: Reader) => void
  /** Notes what is missing; the facts, when the archive is one of torch. */
  finish: () => TorchFacts | undefined
}

const maxDtypes = 64

export function createTorchArchive(observe: InspectContext['observe']): TorchArchive {
  const index = createStorageIndex()
  const dtypes = new Map<string, TorchFacts['dtypes'][string]>()
  let pickles = 0
  let storages = 0
  let storageBytes = 0
  let byteOrder: string | null = null
  let version: string | null = null
  let script = false

  function addPickle(name: string, found: unknown): void {
    if (!isPickleFound(found)) return
    if (/(^|\/)data\.pkl$/i.test(name)) pickles += 1
    index.add(name, found.storages)
  }

  function isStorage(name: string, content: Reader, offset: number): boolean {
    const { state, expected, reference } = index.judge(name, content.size)
    if (state === 'other') return false
    const member = { member: name, offset }
    if (state === 'unreferenced') {
      observe({ code: 'torchzip.storage-unreferenced', ...member, detail: `${content.size} bytes` })
      return false
    }
    if (state === 'differs') {
      observe({ code: 'torchzip.storage-size', ...member, detail: `${expected}, the member has ${content.size} bytes` })
      return false
    }
    const runs = runnableStorage(content, 0, content.size)
    if (runs !== undefined) {
      observe({ code: 'torchzip.storage-runnable', ...member, detail: `it is ${runs}` })
      return false
    }
    storages += 1
    storageBytes += content.size
    const dtype = reference?.dtype ?? 'unknown'
    const key = dtypes.has(dtype) || dtypes.size < maxDtypes ? escapeText(dtype, 100) : 'other'
    const sums = dtypes.get(key) ?? { storages: 0, elements: 0, bytes: 0 }
    dtypes.set(key, sums)
    sums.storages += 1
    sums.elements += reference?.elements ?? 0
    sums.bytes += content.size
    return true
  }

  function addOther(name: string, content: Reader): void {
    if (/(^|\/)code\/.+\.py$/i.test(name)) {
      script = true
      checkTorchScript(name, content, observe)
    }
    if (content.size > 64) return
    const last = name.slice(name.lastIndexOf('/') + 1)
    if (last !== 'byteorder' && last !== 'version' && last !== '.format_version') return
    const text = new TextDecoder().decode(content.read(0, 64)).trim()
    if (last === 'byteorder' && /^[a-z]{1,10}$/.test(text)) byteOrder = text
    if (last !== 'byteorder' && /^[0-9.]{1,20}$/.test(text)) version = version ?? text
  }

  function finish(): TorchFacts | undefined {
    const { keys, count } = index.missing()
    if (count > 0) {
      const detail = `${count} of them, the first ${keys.slice(0, 3).join(', ')}`
      observe({ code: 'torchzip.storage-missing', detail })
    }
    if (pickles === 0) return undefined
    return { storages, storageBytes, dtypes: Object.fromEntries(dtypes), byteOrder, version, script }
  }

  return { addPickle, mayBeStorage: index.has, isStorage, addOther, finish }
}

function isPickleFound(found: unknown): found is PickleFound {
  return typeof found === 'object' && found !== null && 'kind' in found && found.kind === 'pickle'
}
