import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UsageRecord } from '../../contract/index.ts'

/** Requests that are being answered, noted on disk: one that dies with its gateway leaves a record all the same. */
export type Running = {
  /** @param describe the record as it would stand if the gateway ended now; undefined while there is nothing to record */
  begin: (seq: number, describe: () => UsageRecord | undefined) => void
  end: (seq: number) => void
  close: () => Promise<void>
}

/** The file of an epoch; `findSegments` makes a segment of one that was left behind. */
export const runningPath = (folder: string, epoch: string) => join(folder, `${epoch}.running`)

/**
 * Writes what is running every `everyMs` while anything is. Records of requests that have ended since then may stand there too: the
 * control plane keeps the first of a sequence number, and theirs is sent before.
 */
export function noteRunning(path: string, everyMs: number, onRefused: (error: unknown) => void): Running {
  const running = new Map<number, () => UsageRecord | undefined>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()
  let there = false

  const write = async () => {
    const lines = [...running.values()].flatMap((describe) => {
      const record = describe()
      return record === undefined ? [] : [`${JSON.stringify(record)}\n`]
    })
    if (lines.length > 0) {
      await writeFile(`${path}.tmp`, lines.join(''), { mode: 0o600 })
      await rename(`${path}.tmp`, path)
      there = true
    } else if (there) {
      await rm(path, { force: true })
      there = false
    }
  }
  const tick = () => {
    writing = write()
      .catch(onRefused)
      .then(() => {
        timer = undefined
        if (running.size > 0 || there) schedule()
      })
  }
  const schedule = () => {
    timer ??= setTimeout(tick, everyMs).unref()
  }
  return {
    begin: (seq, describe) => {
      running.set(seq, describe)
      schedule()
    },
    end: (seq) => {
      running.delete(seq)
    },
    close: async () => {
      clearTimeout(timer)
      await writing
      clearTimeout(timer)
      // On a disk that is full the next one may be there in part.
      await Promise.all([path, `${path}.tmp`].map((one) => rm(one, { force: true }))).catch(onRefused)
    },
  }
}
