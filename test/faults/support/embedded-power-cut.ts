import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Journalled } from './embedded-journal.ts'

// What a disk may hold after a power cut, and nothing better than that: bytes are certain once their file was flushed, a new file's name
// once the file or its folder was flushed, renames and removals once their folder was.

type File = { kind: 'file'; flushed: Buffer; waiting: Change[] }
type Folder = { kind: 'folder'; now: Map<string, Node>; flushed: Map<string, Node> }
type Node = File | Folder
type Change = { at: number; data: Buffer } | { length: number }
/** `keys` are the names that it touches, `node` what it makes. */
type NameChange = { keys: Name[]; made?: Node; apply: (view: View) => void }
type Name = { folder: Folder; name: string }
/** Which entries of a folder are meant: those that are certain, or those of one guess. */
type View = (folder: Folder) => Map<string, Node>

export type Disk = {
  /** Takes what the program did next. */
  take: (entry: Journalled) => void
  /** Writes to `target` one disk that a cut at this moment may leave. */
  cut: (target: string, random: () => number) => void
}

/** A disk whose folder `root` holds what is there now, all of it flushed. */
export function readDisk(root: string): Disk {
  const top = readFolder(root)
  const files = new Map<number, File | Folder>()
  let waiting: NameChange[] = []

  const find = (path: string): Node | undefined => {
    if (path === root) return top
    const parent = find(dirname(path))
    return parent?.kind === 'folder' ? parent.now.get(nameOf(path)) : undefined
  }
  const place = (path: string): Name => {
    const folder = find(dirname(path))
    if (folder?.kind !== 'folder') throw new Error(`there is no folder for ${path}`)
    return { folder, name: nameOf(path) }
  }
  const change = (one: NameChange) => {
    one.apply((folder) => folder.now)
    waiting.push(one)
  }
  /** Makes a change certain, and what happened before to the same names. */
  const settle = (chosen: (one: NameChange) => boolean) => {
    const done = closed(waiting, chosen)
    for (const one of done) one.apply((folder) => folder.flushed)
    waiting = waiting.filter((one) => !done.has(one))
  }
  const add = (path: string, made: Node) => {
    const at = place(path)
    change({ keys: [at], made, apply: (view) => void view(at.folder).set(at.name, made) })
  }

  const take = (entry: Journalled) => {
    switch (entry.op) {
      case 'open': {
        if (entry.created) add(entry.path, { kind: 'file', flushed: Buffer.alloc(0), waiting: [] })
        const node = find(entry.path)
        if (node === undefined) throw new Error(`${entry.path} was opened and is not known`)
        if (node.kind === 'file' && entry.truncated && !entry.created) node.waiting.push({ length: 0 })
        return void files.set(entry.fd, node)
      }
      case 'write':
        return void fileOf(files.get(entry.fd)).waiting.push({ at: entry.at, data: entry.data ?? Buffer.alloc(0) })
      case 'truncate': {
        const node = entry.path === undefined ? files.get(entry.fd ?? -1) : find(entry.path)
        return void fileOf(node).waiting.push({ length: entry.length })
      }
      case 'fsync': {
        const node = files.get(entry.fd)
        if (node?.kind === 'folder') return settle((one) => one.keys.some(({ folder }) => folder === node))
        const file = fileOf(node)
        flush(file)
        return settle((one) => one.made === file)
      }
      case 'rename': {
        const [from, to] = [place(entry.from), place(entry.to)]
        const node = find(entry.from)
        if (node === undefined) throw new Error(`${entry.from} was renamed and is not known`)
        return change({
          keys: [from, to],
          apply: (view) => {
            if (view(from.folder).get(from.name) === node) view(from.folder).delete(from.name)
            view(to.folder).set(to.name, node)
          },
        })
      }
      case 'remove': {
        const at = place(entry.path)
        return change({ keys: [at], apply: (view) => void view(at.folder).delete(at.name) })
      }
      case 'mkdir':
        return add(entry.path, { kind: 'folder', now: new Map(), flushed: new Map() })
      case 'told':
        return undefined
    }
  }

  return {
    take,
    cut: (target, random) => {
      const guesses = new Map<Folder, Map<string, Node>>()
      const view: View = (folder) => {
        const guess = guesses.get(folder) ?? new Map(folder.flushed)
        guesses.set(folder, guess)
        return guess
      }
      for (const one of guessNames(waiting, random)) one.apply(view)
      writeFolder(target, top, view, random)
    },
  }
}

/** Those that are chosen, and of the earlier ones whatever touches the same names, in their order. */
function closed(changes: readonly NameChange[], chosen: (one: NameChange) => boolean): Set<NameChange> {
  const names = new Map<Folder, Set<string>>()
  const taken: NameChange[] = []
  for (const one of changes.toReversed()) {
    if (!chosen(one) && !one.keys.some(({ folder, name }) => names.get(folder)?.has(name))) continue
    taken.unshift(one)
    for (const { folder, name } of one.keys) names.set(folder, (names.get(folder) ?? new Set()).add(name))
  }
  return new Set(taken)
}

/** A file system with a journal keeps a beginning of the changes; one without keeps any of them. */
function guessNames(waiting: readonly NameChange[], random: () => number): Iterable<NameChange> {
  if (random() < 0.5) return waiting.slice(0, Math.floor(random() * (waiting.length + 1)))
  const share = random()
  return closed(waiting, () => random() < share)
}

/** Which of a file's unflushed bytes came through: none, all, or any of its blocks, down to torn pages. */
function guessContent(file: File, random: () => number): Buffer {
  if (file.waiting.length === 0) return file.flushed
  const kind = random()
  if (kind < 0.2) return file.flushed
  if (kind < 0.35) return contentOf(file, () => true)
  const block = kind < 0.7 ? 4_096 : 512
  const share = random()
  const truncated = Math.floor(random() * (file.waiting.length + 1))
  // Of the versions that a block had, the disk holds one: up to which write it has come.
  const versions = new Map<number, number>()
  const reached = (at: number) => {
    const index = Math.floor(at / block)
    const known = versions.get(index) ?? (random() < share ? Math.floor(random() * (file.waiting.length + 1)) : 0)
    versions.set(index, known)
    return known
  }
  return contentOf(file, (index, at) => (at === undefined ? index < truncated : index < reached(at)), block)
}

/** In place where it fits: a journal segment of 16 MiB is flushed at each commit. */
function flush(file: File): void {
  const { flushed, waiting } = file
  const inPlace = waiting.every((one) => 'data' in one && one.at + one.data.length <= flushed.length)
  if (!inPlace) file.flushed = Buffer.from(contentOf(file, () => true))
  else for (const one of waiting) if ('data' in one) one.data.copy(flushed, one.at)
  file.waiting = []
}

/** @param kept tells by the number of the change, and by the place of a block for a write */
function contentOf(file: File, kept: (index: number, at?: number) => boolean, block = Number.MAX_SAFE_INTEGER): Buffer {
  const largest = file.waiting.reduce(
    (size, one) => Math.max(size, 'data' in one ? one.at + one.data.length : one.length),
    file.flushed.length,
  )
  const content = Buffer.alloc(largest)
  file.flushed.copy(content)
  let size = file.flushed.length
  file.waiting.forEach((one, index) => {
    if (!('data' in one)) {
      if (!kept(index)) return
      if (one.length < size) content.fill(0, one.length, size)
      size = one.length
      return
    }
    for (let from = one.at; from < one.at + one.data.length; ) {
      const to = Math.min(one.at + one.data.length, (Math.floor(from / block) + 1) * block)
      if (kept(index, from)) {
        one.data.copy(content, from, from - one.at, to - one.at)
        size = Math.max(size, to)
      }
      from = to
    }
  })
  return content.subarray(0, size)
}

function readFolder(path: string): Folder {
  const now = new Map<string, Node>()
  for (const item of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, item.name)
    now.set(
      item.name,
      item.isDirectory() ? readFolder(inner) : { kind: 'file', flushed: readFileSync(inner), waiting: [] },
    )
  }
  return { kind: 'folder', now, flushed: new Map(now) }
}

function writeFolder(target: string, folder: Folder, view: View, random: () => number): void {
  mkdirSync(target, { recursive: true })
  for (const [name, node] of view(folder)) {
    const path = join(target, name)
    if (node.kind === 'folder') writeFolder(path, node, view, random)
    else writeFileSync(path, guessContent(node, random))
  }
}

function fileOf(node: Node | undefined): File {
  if (node?.kind !== 'file') throw new Error('no file is open there')
  return node
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
