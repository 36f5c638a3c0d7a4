import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { type JournalEntry, openJournal } from './embedded-journal.ts'

// Loaded before a program (`--import`), and with it into each of its threads: notes every change of a file below one folder and every
// flush, in the order in which they were done. The product itself knows nothing of it.

// oxlint-disable-next-line node/no-process-env -- this file has no caller that could pass anything
const { MODELHUB_TEST_JOURNAL: journalPath = '', MODELHUB_TEST_ROOT: root = '' } = process.env

const real = { ...fs }
const realPromises = { ...fs.promises }
const append = openJournal(journalPath)

const watched = (path: unknown): string | undefined => {
  if (typeof path !== 'string' && !(path instanceof URL)) return undefined
  const full = resolve(path instanceof URL ? path.pathname : path)
  return full.startsWith(`${root}/`) || full === root ? full : undefined
}
/** Descriptors of watched files, and where a write without a position goes. */
const open = new Map<number, { position: number }>()
let quiet = false
const note = (entry: JournalEntry, data?: Uint8Array) => {
  if (!quiet) append(entry, data)
}
const bytesOf = (data: unknown): Buffer => {
  if (typeof data === 'string') return Buffer.from(data)
  const view = data as ArrayBufferView
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength)
}

function noteOpen(path: string, existed: boolean, flags: unknown, fd: number): void {
  const text = typeof flags === 'string' ? flags : ''
  const number = typeof flags === 'number' ? flags : 0
  const truncates = text.startsWith('w') || (number & fs.constants.O_TRUNC) !== 0
  open.set(fd, { position: 0 })
  note({ op: 'open', path, fd, created: !existed, truncated: truncates })
}

function noteWrite(fd: number, data: Buffer, position: unknown): void {
  const file = open.get(fd)
  if (file === undefined) return
  const at = typeof position === 'number' ? position : file.position
  if (typeof position !== 'number') file.position += data.length
  note({ op: 'write', fd, at }, data)
}

function noteWholeFile(path: string, existed: boolean, data: Buffer): void {
  note({ op: 'open', path, fd: -1, created: !existed, truncated: true })
  note({ op: 'write', fd: -1, at: 0 }, data)
}

function noteCopied(path: string): void {
  const found = real.lstatSync(path)
  if (!found.isDirectory()) return noteWholeFile(path, false, readQuietly(path))
  note({ op: 'mkdir', path })
  for (const name of real.readdirSync(path)) noteCopied(join(path, name))
}

/** Node's own way of reading a file comes by the functions that are replaced here. */
function readQuietly(path: string): Buffer {
  quiet = true
  try {
    return real.readFileSync(path)
  } finally {
    quiet = false
  }
}

function missingFolders(path: string): string[] {
  const missing: string[] = []
  for (let at = path; !real.existsSync(at); at = dirname(at)) missing.unshift(at)
  return missing
}

Object.assign(fs, {
  openSync: (path: fs.PathLike, flags?: fs.OpenMode, mode?: fs.Mode) => {
    const full = watched(path)
    const existed = full !== undefined && real.existsSync(full)
    const fd = real.openSync(path, flags as fs.OpenMode, mode)
    if (full !== undefined) noteOpen(full, existed, flags, fd)
    return fd
  },
  closeSync: (fd: number) => {
    real.closeSync(fd)
    open.delete(fd)
  },
  writeSync: (fd: number, data: Uint8Array, offset?: number, length?: number, position?: number | null) => {
    const written = real.writeSync(fd, data, offset, length, position)
    const from = offset ?? 0
    if (open.has(fd)) noteWrite(fd, bytesOf(data).subarray(from, from + written), position)
    return written
  },
  writeFileSync: (
    target: fs.PathOrFileDescriptor,
    data: string | NodeJS.ArrayBufferView,
    options?: fs.WriteFileOptions,
  ) => {
    const full = watched(target)
    const existed = full !== undefined && real.existsSync(full)
    real.writeFileSync(target, data, options)
    if (full !== undefined) noteWholeFile(full, existed, bytesOf(data))
    else if (typeof target === 'number') noteWrite(target, bytesOf(data), null)
  },
  fsyncSync: (fd: number) => {
    real.fsyncSync(fd)
    if (open.has(fd)) note({ op: 'fsync', fd })
  },
  ftruncateSync: (fd: number, length?: number) => {
    real.ftruncateSync(fd, length)
    if (open.has(fd)) note({ op: 'truncate', fd, length: length ?? 0 })
  },
  truncateSync: (path: string, length?: number) => {
    const full = watched(path)
    real.truncateSync(path, length)
    if (full !== undefined) note({ op: 'truncate', path: full, length: length ?? 0 })
  },
  renameSync: (from: string, to: string) => {
    real.renameSync(from, to)
    noteRename(from, to)
  },
  unlinkSync: (path: string) => {
    real.unlinkSync(path)
    noteRemoved(path)
  },
  rmdirSync: (path: string) => {
    real.rmdirSync(path)
    noteRemoved(path)
  },
  rmSync: (path: string, options?: fs.RmOptions) => {
    const existed = real.existsSync(path)
    real.rmSync(path, options)
    if (existed) noteRemoved(path)
  },
  mkdirSync: (path: string, options?: fs.MakeDirectoryOptions) => {
    const full = watched(path)
    const made = full === undefined ? [] : missingFolders(full)
    const first = real.mkdirSync(path, options)
    for (const one of made) note({ op: 'mkdir', path: one })
    return first
  },
  cpSync: (from: string, to: string, options?: fs.CopySyncOptions) => {
    real.cpSync(from, to, options)
    const full = watched(to)
    if (full !== undefined) noteCopied(full)
  },
  linkSync: () => {
    throw new Error('hard links are not modelled')
  },
})

function noteRename(from: string, to: string): void {
  const [source, target] = [watched(from), watched(to)]
  if (source !== undefined && target !== undefined) note({ op: 'rename', from: source, to: target })
}

function noteRemoved(path: string): void {
  const full = watched(path)
  if (full !== undefined) note({ op: 'remove', path: full })
}

Object.assign(fs.promises, {
  open: async (path: string, flags?: string, mode?: number) => {
    const full = watched(path)
    const existed = full !== undefined && real.existsSync(full)
    const handle = await realPromises.open(path, flags, mode)
    if (full === undefined) return handle
    const { fd } = handle
    noteOpen(full, existed, flags ?? 'r', fd)
    const [sync, close, write] = [handle.sync.bind(handle), handle.close.bind(handle), handle.write.bind(handle)]
    return Object.assign(handle, {
      sync: async () => {
        await sync()
        note({ op: 'fsync', fd })
      },
      close: async () => {
        await close()
        open.delete(fd)
      },
      write: async (data: Uint8Array, offset = 0) => {
        const answer = await write(data, offset)
        noteWrite(fd, bytesOf(data).subarray(offset, offset + answer.bytesWritten), null)
        return answer
      },
    })
  },
  rename: async (from: string, to: string) => {
    await realPromises.rename(from, to)
    noteRename(from, to)
  },
  unlink: async (path: string) => {
    await realPromises.unlink(path)
    noteRemoved(path)
  },
  rm: async (path: string, options?: fs.RmOptions) => {
    const existed = real.existsSync(path)
    await realPromises.rm(path, options)
    if (existed) noteRemoved(path)
  },
  mkdir: async (path: string, options?: fs.MakeDirectoryOptions) => {
    const full = watched(path)
    const made = full === undefined ? [] : missingFolders(full)
    const first = await realPromises.mkdir(path, options)
    for (const one of made) note({ op: 'mkdir', path: one })
    return first
  },
})
syncBuiltinESMExports()
