import { fsyncSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

export { fsyncPath, fsyncTree } from '../durable-files.ts'

/** PGlite's start parameters, without its "no fsync" and with the one way of flushing that reaches the host, or as published. */
export function startParameters(fsync: boolean): string[] {
  if (!fsync) return [...PGlite.defaultStartParams]
  const others = PGlite.defaultStartParams.filter((item) => item !== '-F')
  return [...others, '-c', 'fsync=on', '-c', 'wal_sync_method=fsync']
}

/** What the host refused to do with a file of the database. */
export type StorageFault = {
  /** Of the host, such as `ENOSPC`. */
  code: string
  message: string
}

type StorageWatch = {
  /** Gets the descriptor of an open host file; must not return before the bytes are safe. */
  flush?: (file: number) => void
  /** The disk is full. True: there is room again, and the operation is worth another try. */
  onFull?: () => boolean
  /** The disk refused something that it should be able to do: full, failing, read-only. */
  onFault?: (fault: StorageFault) => void
  /** A flush has failed, so nobody knows what is on the disk. If this returns, no later flush succeeds either. */
  onLostFlush?: (fault: StorageFault) => void
}

type Amend = NodeFS['init']
type FsyncStream = { nfd?: number }
type HostFileSystem = {
  stream_ops: { fsync?: (stream: FsyncStream) => number }
  /** Runs one operation on the host and throws its failure as an error number of the guest. */
  tryFSOperation: <T>(operation: () => T) => T
}

/** Answers of a host that are part of normal work: PostgreSQL asks for files that may not be there. */
const expected = new Set(['ENOENT', 'EEXIST', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EINVAL', 'EACCES', 'EPERM'])

/**
 * PGlite's host file system, with fsync reaching the disk. As published PGlite never calls fsync on the host, so a commit would
 * survive the death of the process but not a power cut. The class is the library's only way in.
 */
export class DurableFileSystem extends NodeFS {
  readonly #watch: StorageWatch
  #lost = false

  constructor(folder: string, watch: StorageWatch = {}) {
    super(folder)
    this.#watch = watch
  }

  override async init(...args: Parameters<Amend>): ReturnType<Amend> {
    const { emscriptenOpts } = await super.init(...args)
    const preRun = [
      ...(emscriptenOpts.preRun ?? []),
      (module: object) => this.#amend((module as { NODEFS: HostFileSystem }).NODEFS),
    ]
    return { emscriptenOpts: { ...emscriptenOpts, preRun } }
  }

  #amend(host: HostFileSystem): void {
    const { flush = fsyncSync, onFault, onFull, onLostFlush } = this.#watch
    const asGuestError = host.tryFSOperation
    host.tryFSOperation = (operation) =>
      asGuestError(() => {
        for (;;) {
          try {
            return operation()
          } catch (error) {
            const fault = faultOf(error)
            if (isFull(fault) && onFull?.() === true) continue
            if (fault !== undefined) onFault?.(fault)
            throw asGuestKnowsIt(error)
          }
        }
      })
    host.stream_ops.fsync = (stream) => {
      const { nfd } = stream
      if (nfd === undefined) return 0
      // Only an error number reaches PostgreSQL: a plain exception is swallowed on the way, and the commit would count as flushed.
      return host.tryFSOperation(() => {
        // After a failure the kernel may drop the pages and call the next flush of the same file a success.
        if (this.#lost) throw lostBefore()
        try {
          flush(nfd)
        } catch (error) {
          this.#lost = true
          onLostFlush?.(faultOf(error) ?? { code: 'EIO', message: String(error) })
          throw error instanceof Error && 'code' in error ? error : lostBefore()
        }
        return 0
      })
    }
  }
}

const lostBefore = () => Object.assign(new Error('EIO: an earlier flush has failed'), { code: 'EIO' })

const isFull = (fault: StorageFault | undefined) => fault?.code === 'ENOSPC' || fault?.code === 'EDQUOT'

/** PostgreSQL names a full disk, and does not know a quota that is used up. */
function asGuestKnowsIt(error: unknown): unknown {
  return error instanceof Error && 'code' in error && error.code === 'EDQUOT'
    ? Object.assign(error, { code: 'ENOSPC' })
    : error
}

function faultOf(error: unknown): StorageFault | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return expected.has(error.code) ? undefined : { code: error.code, message: error.message }
}
