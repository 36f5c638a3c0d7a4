import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { addBlobRef } from '../../../platform/blobs/index.ts'
import { deleteFileRow, type FileRow, insertFileRows, renameFileRow } from '../../artifacts/index.ts'
import { type NamedVersionRow, patchVersion } from '../../catalog/index.ts'
import { type Member, unpackArchive } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { downloadFolder } from '../files/downloads.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { newRow } from './write-plan.ts'

/** An archive under way stands in the plan under a name that no member can have: its members have no empty parts. */
const scheme = 'archive://'
const membersPerTransaction = 500

/** The name of a file at its source. */
export const rowPath = (row: Pick<FileRow, 'path'>): string =>
  row.path.startsWith(scheme) ? row.path.slice(scheme.length) : row.path

/**
 * Puts the members of an archive in its place. The archive leaves the plan last: killed before, the step finds it there and unpacks it
 * again.
 */
export async function takeArchive(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  row: FileRow,
  archive: { path: string; kind: Parameters<typeof unpackArchive>[0]['kind'] },
): Promise<void> {
  const packed = (await stat(archive.path)).size
  let unpacked = 0
  ctx.log('info', `${rowPath(row)} is an archive (${archive.kind}, ${packed} bytes); it is unpacked.`)
  const members = await unpackArchive(archive, join(downloadFolder(deps, version.id), 'unpacked'), {
    signal: ctx.signal,
    onBytes: (bytes) => {
      unpacked += bytes
      ctx.progress({ bytesDone: unpacked, bytesTotal: null, message: `Unpacking ${rowPath(row)}` })
    },
  })
  const marked = `${scheme}${rowPath(row)}`
  await ctx.tx(async (trx) => {
    if (row.path !== marked) await renameFileRow(trx, version.id, row.path, marked)
    await deleteFileRow(trx, version.id, marked, 'others')
  })
  for (let i = 0; i < members.length; i += membersPerTransaction) {
    ctx.signal.throwIfAborted()
    await adoptMembers(deps, ctx, version, members.slice(i, i + membersPerTransaction), i + 1)
  }
  const bytes = members.reduce((sum, { size }) => sum + size, 0)
  await ctx.tx(async (trx) => {
    await deleteFileRow(trx, version.id, marked, 'it')
    await patchVersion(trx, version.id, { file_count: members.length, total_bytes: bytes }, deps.clock.date())
  })
  ctx.log('info', `${members.length} files were unpacked, ${bytes} bytes; archives within are kept as they are.`)
}

async function adoptMembers(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  version: NamedVersionRow,
  members: readonly Member[],
  ordinal: number,
): Promise<void> {
  for (const { file, sha256, size } of members) await deps.blobs.adopt(file, { sha256, size })
  await ctx.tx(async (trx) => {
    const rows = members.map(({ path, sha256, size }, index) => ({
      ...newRow(version.id, path, ordinal + index),
      size,
      sha256,
      stored: 'blob' as const,
    }))
    await insertFileRows(trx, rows)
    for (const { sha256, size } of members) await addBlobRef(trx, sha256, `version:${version.id}`, size)
  })
}
