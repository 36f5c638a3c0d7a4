import { type components, unwrap } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import type { Hub } from '../hub.ts'
import { countBytes } from '../jobs/count-bytes.ts'
import { bytes, count } from '../text/units.ts'
import { collectFiles, type LocalFile, listDigestOf } from './collect-files.ts'
import { sendFile } from './send-file.ts'

export type Upload = components['schemas']['Upload']

/** Files that are sent side by side. */
const atOnce = 4
const askAgainMs = 2_000

/**
 * Uploads files and folders of this machine and finishes the upload. One of the same files that was begun before is gone on with: what
 * the hub has is only read here, for its digest.
 */
export async function uploadPaths(
  ctx: Context,
  hub: Hub,
  paths: readonly string[],
  project: string | undefined,
): Promise<Upload> {
  const { files, name, leftOut } = await collectFiles(ctx.folder, paths)
  for (const path of leftOut.slice(0, 10)) ctx.note(`${path} is no file and is left out.`)
  const signal = ctx.signal()
  const begun = await beginOrGoOn(ctx, hub, files, name, project)
  const received = await receivedOf(hub, begun)
  const there = received.reduce((sum, one) => sum + one, 0)
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const view = countBytes(ctx, `Send ${count(files.length, 'file')}, ${bytes(total)}`, total)
  view.add(there)
  const digests: string[] = []
  try {
    const queue = [...files.entries()]
    const sender = { ctx, hub, uploadId: begun.id, onBytes: view.add, signal }
    const worker = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [ordinal, file] = next
        digests[ordinal] = await sendFile(sender, file, ordinal, received[ordinal] ?? 0)
      }
    }
    const done = await Promise.allSettled(
      Array.from({ length: Math.min(atOnce, files.length) }, () =>
        worker().catch((error: unknown) => {
          queue.length = 0
          throw error
        }),
      ),
    )
    const failed = done.find((one) => one.status === 'rejected')
    if (failed !== undefined) {
      ctx.note(`What was sent is kept on the hub until ${begun.expiresAt}: run the command again to go on.`)
      throw failed.reason
    }
  } finally {
    view.end()
  }
  return await finish(ctx, hub, begun.id, digests, signal)
}

async function beginOrGoOn(
  ctx: Context,
  hub: Hub,
  files: readonly LocalFile[],
  name: string,
  project: string | undefined,
): Promise<Upload> {
  const query = { listDigest: listDigestOf(files), state: 'open' as const, limit: 1 }
  const { items } = await unwrap(hub.client.GET('/uploads', { params: { query } }))
  const [open] = items
  if (open !== undefined) {
    ctx.note(`Going on with ${open.id}: ${bytes(open.receivedBytes)} are there.`)
    return open
  }
  return await unwrap(
    hub.client.POST('/uploads', {
      body: {
        files: files.map(({ path, size }) => ({ path, size })),
        name,
        ...(project === undefined ? {} : { project }),
      },
    }),
  )
}

/** Bytes of each file that the hub has, by ordinal. */
async function receivedOf(hub: Hub, upload: Upload): Promise<number[]> {
  const received: number[] = []
  if (upload.receivedBytes === 0) return received
  for (let cursor: string | undefined; ; ) {
    const query = { limit: 2_000, ...(cursor === undefined ? {} : { cursor }) }
    const page = await unwrap(hub.client.GET('/uploads/{id}', { params: { path: { id: upload.id }, query } }))
    for (const { ordinal, receivedBytes } of page.files.items) received[ordinal] = receivedBytes
    if (page.files.nextCursor === null) return received
    cursor = page.files.nextCursor
  }
}

async function finish(
  ctx: Context,
  hub: Hub,
  id: string,
  digests: readonly string[],
  signal: AbortSignal,
): Promise<Upload> {
  const files = digests.map((sha256, ordinal) => ({ ordinal, sha256 }))
  for (;;) {
    const upload = await unwrap(
      hub.client.POST('/uploads/{id}/finish', { params: { path: { id } }, body: { files }, signal }),
    )
    if (upload.state === 'ready') return upload
    ctx.note('The hub reads the files …')
    await ctx.sleep(askAgainMs, signal)
  }
}
