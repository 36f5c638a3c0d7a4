import { rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { SnapshotLine } from '../../contract/index.ts'
import { badSnapshot, type Snapshot } from './build-snapshot.ts'
import { receiveSnapshot, type SnapshotBounds } from './receive-snapshot.ts'
import { readSealed, writeSealed } from './sealed-file.ts'

/** The gateway's own sealed copy of the last good snapshot: enough to start and serve with the control plane away. */
export type DiskCopy = {
  save: (lines: readonly Buffer[]) => Promise<void>
  /** Keeps a revocation whose snapshot has not completed yet, so that a restart from disk does not undo it. */
  saveRevoked: (hashes: readonly string[]) => Promise<void>
  /** Notes that the copy is still the newest. @param at Unix milliseconds */
  confirm: (at: number) => Promise<void>
  /** @throws HubError `unreadable_copy` or `bad_snapshot` */
  load: () => Promise<{ snapshot: Snapshot; revoked: string[]; confirmedAt: number } | undefined>
}

const newline = Buffer.from('\n')

export function createDiskCopy(folder: string, key: Buffer, bounds: SnapshotBounds): DiskCopy {
  const path = join(folder, 'snapshot.sealed')
  const revokedPath = join(folder, 'revoked.sealed')
  const readRevoked = async () => {
    const plain = await readSealed(revokedPath, key)
    if (plain === undefined) return []
    const line = SnapshotLine.parse(JSON.parse(plain.toString('utf8')))
    return line.t === 'revoked' ? line.hashes : []
  }
  return {
    save: async (lines) => {
      await writeSealed(path, key, withNewlines(lines))
      await rm(revokedPath, { force: true })
    },
    saveRevoked: async (hashes) => {
      const all = new Set([...(await readRevoked()), ...hashes])
      const line: SnapshotLine = { t: 'revoked', hashes: [...all] }
      await writeSealed(revokedPath, key, [Buffer.from(JSON.stringify(line))])
    },
    // The time of the file carries it: rewriting megabytes every few seconds would say no more.
    confirm: (at) => utimes(path, at / 1000, at / 1000),
    load: async () => {
      const plain = await readSealed(path, key)
      if (plain === undefined) return undefined
      let loaded: Snapshot | undefined
      await receiveSnapshot(splitLines(plain), bounds, {
        onSnapshot: (snapshot) => {
          loaded = snapshot
        },
        onRevoked: () => {},
        onPing: () => {},
      })
      if (loaded === undefined) throw badSnapshot('the copy on disk is empty')
      return { snapshot: loaded, revoked: await readRevoked(), confirmedAt: (await stat(path)).mtimeMs }
    },
  }
}

function* withNewlines(lines: readonly Buffer[]): Generator<Buffer> {
  for (const line of lines) {
    yield line
    yield newline
  }
}

async function* splitLines(plain: Buffer): AsyncGenerator<Buffer> {
  for (let start = 0; start < plain.length; ) {
    const end = plain.indexOf(newline, start)
    if (end === -1) return
    yield plain.subarray(start, end)
    start = end + 1
  }
}
