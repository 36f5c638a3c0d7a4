import type { Source } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import type { FormatHeader, ScannerPool } from '../../../../scanner/index.ts'
import type { LocalSourceKind, OpenedFile, PlannedFile, SourceContext } from '../../sources/index.ts'
import { describeFolder } from './description/describe-folder.ts'
import { type FolderFile, openFolder } from './description/folder.ts'
import type { Uses } from './description/uses.ts'
import type { SeenFile } from './look.ts'

/** Reading the head of a file takes a child process; a preview waits no longer for it (ms). */
const headLimitMs = 10_000

/**
 * What the files of this machine say that the model is for: configurations, card, and, with a scanner, the head of the first GGUF file.
 */
export async function describeSeen(
  context: SourceContext,
  kind: LocalSourceKind,
  source: Source,
  files: readonly (PlannedFile & SeenFile)[],
  scanner: ScannerPool | undefined,
  signal?: AbortSignal,
): Promise<Uses | null> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  let open: { path: string; file: OpenedFile } | undefined
  const read = async (path: string, offset: number, length: number): Promise<Uint8Array> => {
    signal?.throwIfAborted()
    const planned = byPath.get(path)
    if (planned === undefined) return new Uint8Array()
    if (open?.path !== path) {
      await open?.file.handle.close()
      open = undefined
      open = { path, file: await kind.open(source, planned, context) }
    }
    const buffer = Buffer.alloc(length)
    const { bytesRead } = await open.file.handle.read(buffer, 0, length, offset)
    return buffer.subarray(0, bytesRead)
  }
  const seen: FolderFile[] = files.map(({ path, size, format }) => ({
    path,
    size,
    format: format === 'unknown' ? null : format,
  }))
  try {
    const weights = seen.find(({ format }) => format === 'gguf')
    const planned = byPath.get(weights?.path ?? '')
    if (weights !== undefined && planned !== undefined && scanner !== undefined) {
      weights.header = await headOf(await kind.open(source, planned, context), planned, scanner, signal)
    }
    const { modality, tasks, endpoints, inputs } = await describeFolder(openFolder(seen, read), '', signal)
    return modality === null ? null : { modality, tasks, endpoints, inputs, outputs: [] }
  } catch (error) {
    signal?.throwIfAborted()
    // A file that cannot be opened stands among the blockers already.
    if (error instanceof HubError) return null
    throw error
  } finally {
    await open?.file.handle.close()
  }
}

/** Facts on the head of a file, made in an isolated child; undefined when there are none. Closes the file. */
async function headOf(
  { handle }: OpenedFile,
  { path, size }: PlannedFile,
  scanner: ScannerPool,
  signal: AbortSignal | undefined,
): Promise<FormatHeader | undefined> {
  const limit = AbortSignal.timeout(headLimitMs)
  try {
    const { facts } = await scanner.inspect({
      fd: handle.fd,
      size,
      name: path,
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    })
    return facts.header
  } finally {
    await handle.close()
  }
}
