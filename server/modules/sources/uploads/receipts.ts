import { dirname } from 'node:path'
import { fsyncFolder } from '../../../platform/durable-files.ts'
import { keepMs, type UploadDeps, uploadPath } from './deps.ts'
import { uploadEnded } from './errors.ts'
import { type Receipt, saveReceipts } from './upload-store.ts'

/** Records what arrived. Resolves once the names of the files are flushed and the database has it; throws when the upload takes no more. */
export type Receipts = (receipt: Receipt) => Promise<void>

type Waiting = { receipt: Receipt; done: (error?: unknown) => void }

/** Receipts that come while others are being written are written together: thousands of small files take few transactions. */
export function createReceipts(deps: UploadDeps): Receipts {
  let waiting: Waiting[] = []
  let running = false
  const write = async () => {
    running = true
    for (let batch = waiting; batch.length > 0; batch = waiting) {
      waiting = []
      try {
        const folders = new Set(
          batch.map(({ receipt }) => dirname(uploadPath(deps, receipt.uploadId, receipt.ordinal))),
        )
        // A folder that is gone belongs to an upload that is; the database says so next.
        await Promise.all([...folders].map((folder) => fsyncFolder(folder).catch(ignoreGone)))
        const at = deps.clock.date()
        const refused = new Set(
          await deps.database.transaction((trx) =>
            saveReceipts(
              trx,
              batch.map(({ receipt }) => receipt),
              at,
              new Date(at.getTime() + keepMs),
            ),
          ),
        )
        for (const { receipt, done } of batch) done(refused.has(receipt) ? uploadEnded() : undefined)
      } catch (error) {
        for (const { done } of batch) done(error)
      }
    }
    running = false
  }
  return (receipt) =>
    new Promise((resolve, reject) => {
      waiting.push({ receipt, done: (error) => (error === undefined ? resolve() : reject(error as Error)) })
      if (!running) void write()
    })
}

function ignoreGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
