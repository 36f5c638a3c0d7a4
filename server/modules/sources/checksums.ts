import type { SourceNote } from '../../../contract/index.ts'
import { HubError, invalid, notFound } from '../../../kernel/index.ts'

/** A digest that somebody states of a file, and who. */
export type Stated = { /** Lower-case hexadecimal. */ sha256: string /** As the start of a sentence. */; by: string }

/** What one file of checksums says. */
export type ChecksumList = {
  entries: Map<string, string> /** Lines that say nothing understood; from 1. */
  odd: number[]
}

/** Bytes of a list, and of the checksum of one file. */
const mostListBytes = 16 * 2 ** 20
const mostSidecarBytes = 64 * 2 ** 10

/** Lists at the top of a folder that are compared without being asked for. */
const listNames = /^(sha256sums?(\.txt)?|checksums?(\.sha256|\.txt)?|sha256\.txt)$/i
const bundleName = 'bundle.json'
/** Where a bundle has its files, beside its manifest. */
const bundleFolder = 'files/'

/**
 * Reads a file of checksums: lines as `sha256sum` writes them (with `*` for binary, escaped names, or `--tag`), a digest alone, or JSON
 * with `files: [{path, sha256}]`, such as the manifest of a bundle.
 * @param own path of the file whose checksum it is, for a digest that stands alone
 */
export function parseChecksums(text: string, own: string | null): ChecksumList {
  if (text.trimStart().startsWith('{')) return parseManifest(text)
  const entries = new Map<string, string>()
  const odd: number[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue
    const entry = parseLine(line, own)
    if (entry === null) odd.push(index + 1)
    else entries.set(entry.path, entry.sha256)
  }
  return { entries, odd }
}

function parseLine(line: string, own: string | null): { path: string; sha256: string } | null {
  const plain = /^(\\?)([0-9a-f]{64})(?: [ *]|\t)(.+)$/i.exec(line)
  const tagged = /^(\\?)SHA2?-?256 ?\((.+)\) ?= ?([0-9a-f]{64})\s*$/i.exec(line)
  if (plain !== null) return entryOf(plain[1] ?? '', plain[3] ?? '', plain[2] ?? '')
  if (tagged !== null) return entryOf(tagged[1] ?? '', tagged[2] ?? '', tagged[3] ?? '')
  const alone = /^\s*([0-9a-f]{64})\s*$/i.exec(line)
  return alone === null || own === null ? null : { path: own, sha256: (alone[1] ?? '').toLowerCase() }
}

function entryOf(escaped: string, name: string, sha256: string) {
  // The tools put a backslash before the line when they escaped one, or a line feed, in the name.
  const path =
    escaped === '' ? name : name.replaceAll(/\\([\\nr])/g, (_all, c: string) => ({ n: '\n', r: '\r' })[c] ?? c)
  return { path: path.replace(/^(\.\/)+/, ''), sha256: sha256.toLowerCase() }
}

function parseManifest(text: string): ChecksumList {
  const entries = new Map<string, string>()
  const unreadable = { entries, odd: [1] }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return unreadable
  }
  const files = (parsed as { files?: unknown }).files
  if (!Array.isArray(files)) return unreadable
  for (const file of files as unknown[]) {
    const { path, sha256 } = (file ?? {}) as { path?: unknown; sha256?: unknown }
    if (typeof path !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) return unreadable
    entries.set(path, sha256.toLowerCase())
  }
  return { entries, odd: [] }
}

export type ChecksumInput = {
  /** Digest that a person states of the only file. */
  sha256?: string | undefined
  /** File of checksums that a person names. */
  checksums?: string | undefined
  /** Names of the files at the top of the folder, or beside a single file. */
  top: readonly string[]
  /** Name of the file when there is only one. */
  single: string | null
  /** Text of a small file of the folder by its relative path, or of one elsewhere by its absolute one; null: there is none. */
  read: (path: string, mostBytes: number) => Promise<string | null>
}

export type Checksums = {
  /** What is stated of a file. @param sidecar true when `<path>.sha256` is beside it */
  of: (path: string, sidecar: boolean) => Promise<Stated[]>
  /** Says, once every file has been seen, what was compared. Throws `invalid` `file_missing`, `not_listed` for a named list that names others. */
  end: (onNote: (note: SourceNote) => void) => void
}

type List = { name: string; named: boolean; entries: Map<string, string>; met: Set<string> }

/**
 * Everything that states digests of the files of a folder: what a person gave, the lists at its top, and the checksum beside a file.
 * Throws `not_found` `no_checksums` and `invalid` `bad_checksums` for a list that a person named and that cannot be used.
 */
export async function readChecksums(input: ChecksumInput, onNote: (note: SourceNote) => void): Promise<Checksums> {
  const lists: List[] = []
  if (input.checksums !== undefined) lists.push(await readNamed(input, input.checksums))
  for (const name of input.top.filter((one) => listNames.test(one) || one === bundleName)) {
    if (name === input.checksums) continue
    const text = await readIfSound(input, name, mostListBytes)
    const { entries, odd } = parseChecksums(text ?? '', null)
    if (name === bundleName && (entries.size === 0 || !/"format"\s*:\s*"modelhub-bundle\//.test(text ?? ''))) continue
    if (odd.length > 0 || text === null) {
      const what = text === null ? 'it' : `${odd.length} of its lines`
      onNote({
        level: 'doubt',
        message: `${name} looks like a list of checksums, but ${what} cannot be read as SHA-256.`,
      })
    }
    if (entries.size > 0) lists.push({ name, named: false, entries, met: new Set() })
  }
  let compared = 0
  return {
    of: async (path, sidecar) => {
      const stated: Stated[] = input.sha256 === undefined ? [] : [{ sha256: input.sha256, by: 'The given SHA-256' }]
      for (const list of lists) {
        const key = keyIn(list, path, input.single)
        const sha256 = key === null ? undefined : list.entries.get(key)
        if (key === null || sha256 === undefined) continue
        list.met.add(key)
        stated.push({ sha256, by: list.name })
      }
      if (sidecar) {
        const name = path.split('/').at(-1) ?? path
        const text = await readIfSound(input, `${path}.sha256`, mostSidecarBytes)
        const found = text === null ? undefined : parseChecksums(text, name).entries
        const sha256 = found?.get(name) ?? found?.get(path) ?? (found?.size === 1 ? [...found.values()][0] : undefined)
        if (sha256 === undefined) {
          onNote({ level: 'doubt', message: `${path}.sha256 holds no SHA-256 of ${name}.` })
        } else stated.push({ sha256, by: `${path}.sha256` })
      }
      if (stated.length > 0) compared += 1
      return stated
    },
    end: (note) => {
      for (const list of lists) endOf(list, input.single, note)
      if (compared > 0) {
        note({
          level: 'fact',
          message: `${compared} ${compared === 1 ? 'file' : 'files'} will be compared with the SHA-256 that is stated.`,
        })
      }
    },
  }
}

/** What nobody asked for is no reason to refuse a model: what is too long or no text is as good as not there. */
async function readIfSound({ read }: ChecksumInput, path: string, mostBytes: number): Promise<string | null> {
  try {
    return await read(path, mostBytes)
  } catch (error) {
    if (error instanceof HubError) return null
    throw error
  }
}

async function readNamed({ read, single, top }: ChecksumInput, name: string): Promise<List> {
  const text = await read(name, mostListBytes)
  if (text === null) {
    throw notFound('no_checksums', `There is no file of checksums ${name}.`, 'Check the spelling.')
  }
  const { entries, odd } = parseChecksums(text, single ?? (top.length === 1 ? (top[0] ?? null) : null))
  if (odd.length > 0 || entries.size === 0) {
    throw invalid(
      'bad_checksums',
      entries.size === 0
        ? `${name} holds no SHA-256.`
        : `Line ${odd[0]} of ${name} is no line with a SHA-256 and a name.`,
      'Write it with sha256sum, or give the manifest of a bundle.',
    )
  }
  return { name, named: true, entries, met: new Set() }
}

/** How a list calls a file: from where the list is; a single file by its name wherever that is. */
function keyIn({ name, entries }: List, path: string, single: string | null): string | null {
  const folder = name.startsWith('/') ? '' : name.slice(0, name.lastIndexOf('/') + 1)
  const near = path.startsWith(folder) ? path.slice(folder.length) : null
  if (near !== null && near !== name && entries.has(near)) return near
  if (path.startsWith(bundleFolder) && entries.has(path.slice(bundleFolder.length)))
    return path.slice(bundleFolder.length)
  if (single === null) return null
  return [...entries.keys()].find((key) => key.split('/').at(-1) === single) ?? null
}

function endOf({ name, named, entries, met }: List, single: string | null, onNote: (note: SourceNote) => void): void {
  if (single !== null) {
    if (!named || met.size > 0) return
    throw invalid('not_listed', `${name} says nothing of ${single}.`, 'Give the list that belongs to it.')
  }
  const missing = [...entries.keys()].filter((path) => !met.has(path) && path !== name)
  const [first] = missing
  if (first === undefined) return
  const words = `${name} names ${missing.length} ${missing.length === 1 ? 'file that is' : 'files that are'} not there, such as ${first.slice(0, 200)}`
  if (named) {
    throw invalid('file_missing', `${words}.`, 'Complete the folder, or give the list that belongs to it.')
  }
  onNote({ level: 'doubt', message: `${words}.`, remedy: 'Check that every file of the model is there.' })
}
