import type { FileHandle } from 'node:fs/promises'
import type { Attributed, Metadata } from '../../../../contract/index.ts'
import { scannerVersion } from '../../../../scanner/index.ts'
import { type FileRow, readFileRows } from '../../artifacts/index.ts'
import { getModel, getVersion, givenKeys, givenModality, patchVersion } from '../../catalog/index.ts'
import { readFacts } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { describeFolder } from '../files/description/describe-folder.ts'
import { type Folder, type FolderFile, openFolder } from '../files/description/folder.ts'
import { modalityConflict } from '../files/description/modality-conflict.ts'
import { markers } from '../files/detect/index.ts'
import { openFile } from '../files/open-file.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Derives what the model is from headers, configurations and card, and keeps what they say against each other. */
export async function describe(
  deps: LifecycleDeps,
  ctx: OnboardContext,
): Promise<{ keys: string[]; contradictions: string[] }> {
  const { db } = deps.database
  const version = await getVersion(db, ctx.versionId)
  const model = await getModel(db, version.model_id)
  const at = deps.clock.date().toISOString()
  const described = await withFolder(deps, ctx, (folder) => describeFolder(folder, at, ctx.signal))
  // Somebody who sets the modality of the model to what the files say has settled the question.
  const given = model.modality === described.modality ? null : givenModality(version.metadata)
  const conflict = modalityConflict(given, described)
  const contradictions = [...(conflict === null ? [] : [conflict.message]), ...described.contradictions]
  for (const sentence of contradictions) ctx.log('warn', sentence)
  const metadata = withGiven(described.metadata, version.metadata)
  if (contradictions.length > 0) {
    metadata['contradictions'] = { value: contradictions, origin: 'derived', source: 'files', at } satisfies Attributed
  }
  await ctx.tx((trx) =>
    patchVersion(
      trx,
      ctx.versionId,
      {
        metadata,
        tasks: described.tasks,
        endpoints: described.endpoints,
        modality: described.modality ?? version.modality,
      },
      deps.clock.date(),
    ),
  )
  return { keys: Object.keys(metadata), contradictions }
}

/** What people said stays, whatever the files say. */
function withGiven(derived: Metadata, before: Metadata): Metadata {
  const given = Object.entries(before).filter(([key, { origin }]) => origin === 'human' && givenKeys.has(key))
  return { ...derived, ...Object.fromEntries(given) }
}

/** The files that some marker reads, with the scanner's facts; one of them is open at a time. */
async function withFolder<T>(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  use: (folder: Folder) => Promise<T>,
): Promise<T> {
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  const files: FolderFile[] = rows.map(({ path, size, format }) => ({ path, size: Number(size), format }))
  const byPath = new Map(rows.map((row) => [row.path, row]))
  const read = files.filter((file) => markers.all.some((marker) => marker.reads(file)))
  const facts = await readFacts(
    deps.database.db,
    read.flatMap(({ path }) => byPath.get(path)?.sha256 ?? []),
    scannerVersion,
  )
  for (const file of read) file.header = facts.get(byPath.get(file.path)?.sha256 ?? '')?.facts.header
  let open: { row: FileRow; handle: FileHandle } | undefined
  try {
    return await use(
      openFolder(files, async (path, offset, length) => {
        ctx.signal.throwIfAborted()
        if (open?.row.path !== path) {
          await open?.handle.close()
          open = undefined
          const row = byPath.get(path)
          if (row === undefined) return new Uint8Array()
          open = { row, handle: await openFile(deps, row) }
        }
        const buffer = Buffer.alloc(length)
        const { bytesRead } = await open.handle.read(buffer, 0, length, offset)
        return buffer.subarray(0, bytesRead)
      }),
    )
  } finally {
    await open?.handle.close()
  }
}
