import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** PGlite's start parameters, without its "no fsync" and with the one way of flushing that reaches the host, or as published. */
export function startParameters(fsync: boolean): string[] {
  if (!fsync) return [...PGlite.defaultStartParams]
  const others = PGlite.defaultStartParams.filter((item) => item !== '-F')
  return [...others, '-c', 'fsync=on', '-c', 'wal_sync_method=fsync']
}

type Amend = NodeFS['init']
type FsyncStream = { nfd?: number }
type StreamOperations = { stream_ops: { fsync?: (stream: FsyncStream) => number } }

/**
 * PGlite's host file system, with fsync reaching the disk. As published PGlite never calls fsync on the host, so a commit would
 * survive the death of the process but not a power cut. The class is the library's only way in.
 */
export class DurableFileSystem extends NodeFS {
  readonly #flush: (file: number) => void

  /** @param flush gets the descriptor of an open host file; it must not return before the bytes are safe */
  constructor(folder: string, flush: (file: number) => void = fsyncSync) {
    super(folder)
    this.#flush = flush
  }

  override async init(...args: Parameters<Amend>): ReturnType<Amend> {
    const { emscriptenOpts } = await super.init(...args)
    const preRun = [
      ...(emscriptenOpts.preRun ?? []),
      (module: object) => {
        const { NODEFS } = module as { NODEFS: StreamOperations }
        NODEFS.stream_ops.fsync = (stream) => {
          if (stream.nfd !== undefined) this.#flush(stream.nfd)
          return 0
        }
      },
    ]
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }
}

/** Flushes every file and folder below `folder` to the disk. */
export function fsyncTree(folder: string): void {
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name)
    if (item.isDirectory()) fsyncTree(path)
    else if (item.isFile()) fsyncPath(path)
  }
  fsyncPath(folder)
}

/** Flushes one file, or the entries of one folder, to the disk. */
export function fsyncPath(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
