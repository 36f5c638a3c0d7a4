import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../kernel/index.ts'
import {
  createNet,
  type DownloadProgress,
  type DownloadRequest,
  downloadFile,
  parseAllowList,
} from '../../../server/platform/net/index.ts'
import { temporaryFolder } from '../../support/index.ts'
import { type Behavior, type FaultSource, startFaultSource } from './fault-source.ts'

export const mebibyte = 2 ** 20

type Given = Partial<DownloadRequest> & {
  streams?: number
  tuning?: object
  signal?: AbortSignal
  onProgress?: (progress: DownloadProgress) => void
}

/** A misbehaving source, a folder, and a downloader between them that does not wait long. */
export async function setUpDownload(size: number, behavior: Partial<Behavior> = {}) {
  const source: FaultSource = await startFaultSource(size, behavior)
  const folder = temporaryFolder('download')
  const net = createNet({ allow: parseAllowList('127.0.0.1') })
  const part = join(folder.path, 'model.part')
  return {
    source,
    folder: folder.path,
    part,
    journal: join(folder.path, 'model.journal'),
    left: () => existsSync(part),
    download: async ({
      streams = 1,
      tuning = {},
      signal = new AbortController().signal,
      onProgress = () => undefined,
      ...request
    }: Given = {}) => {
      const quick = {
        streams,
        backoffMs: 5,
        tries: 4,
        headTimeoutMs: 5_000,
        idleTimeoutMs: 2_000,
        singlePart: 8 * mebibyte,
        parallelPart: 2 * mebibyte,
        ...tuning,
      }
      return await downloadFile(
        { net, clock: systemClock, tuning: quick },
        {
          key: 'model',
          size: null,
          sha256: null,
          source: () => Promise.resolve({ url: source.url, headers: {} }),
          folder: folder.path,
          ...request,
        },
        onProgress,
        signal,
      )
    },
    hashOfPart: () => createHash('sha256').update(readFileSync(part)).digest('hex'),
    close: async () => {
      await net.close()
      await source.close()
      folder.remove()
    },
  }
}
