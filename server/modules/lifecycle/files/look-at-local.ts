import type { Source, SourceNote } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import { describeHollow, isLfsPointer, recognize } from '../../../../scanner/index.ts'
import type { LocalSourceKind, OpenedFile, PlannedFile, SourceContext } from '../../sources/index.ts'
import { uploadOf } from '../steps/take-uploaded.ts'
import { describeSeen } from './describe-seen.ts'
import { blockerOf, type CheckDeps, isWeights, type Look, listedFiles } from './look.ts'
import { readCard } from './read-card.ts'

const probeBytes = 64 * 1024

/** Looks at files of this machine: those of the first pages are opened as the ingest will open them. */
export async function lookAtLocal(
  deps: CheckDeps,
  kind: LocalSourceKind,
  source: Source,
  onNote: (note: SourceNote) => void,
  /** Whether weights are asked too what they are for. */
  thorough: boolean,
  signal?: AbortSignal,
): Promise<Look> {
  const planned: PlannedFile[] = []
  let fileCount = 0
  let totalBytes = 0
  try {
    for await (const file of kind.list(source, deps.sources, onNote, signal)) {
      fileCount += 1
      totalBytes += file.size
      if (planned.length < listedFiles) planned.push(file)
    }
  } catch (error) {
    onNote(blockerOf(error))
  }
  const seen: (PlannedFile & Looked)[] = []
  for (const file of planned) {
    signal?.throwIfAborted()
    seen.push({ ...file, ...(await look(deps.sources, kind, source, file)) })
  }
  for (const { blocker } of seen.filter((file) => file.blocker !== undefined).slice(0, 10)) {
    if (blocker !== undefined) onNote(blocker)
  }
  const described = await describeSeen(deps.sources, kind, source, seen, thorough ? deps.scanner : undefined, signal)
  return {
    fileCount,
    totalBytes,
    files: seen,
    license: seen.find((file) => file.card !== null)?.card?.license ?? null,
    modality: described?.modality ?? (seen.some(isWeights) ? 'text' : null),
    described,
    neededBytes: 'mode' in source && source.mode === 'copy' && uploadOf(source) === null ? totalBytes : 0,
    alreadyStoredBytes: 0,
    remote: null,
    hosted: null,
  }
}

type Looked = {
  format: string
  title: string
  card: ReturnType<typeof readCard> | null
  /** Why the file cannot be taken in as it is. */
  blocker?: SourceNote
}

/** The format by the first bytes. Opened as the ingest will open it, so that nothing outside the allowed folders is looked at. */
async function look(context: SourceContext, kind: LocalSourceKind, source: Source, file: PlannedFile): Promise<Looked> {
  const unknown = { format: 'unknown', title: 'Unknown', card: null }
  const opened = await kind.open(source, file, context).catch((error: unknown) => error)
  if (opened instanceof HubError) return { ...unknown, blocker: blockerOf(opened) }
  if (opened instanceof Error) throw opened
  const { handle } = opened as OpenedFile
  const blocked = (message: string, remedy: string): Looked => ({
    ...unknown,
    blocker: { level: 'blocker', message, remedy },
  })
  try {
    const hollow = await describeHollow(handle)
    if (hollow !== null) return blocked(`${file.path} ${hollow}.`, 'Download or copy the file again.')
    const buffer = Buffer.alloc(Math.min(probeBytes, file.size))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    const head = buffer.subarray(0, bytesRead)
    if (isLfsPointer(head, file.size)) {
      return blocked(
        `${file.path} is a Git LFS pointer, not the file itself.`,
        'Run `git lfs pull` in the folder it was cloned to.',
      )
    }
    const { format, title } = recognize(head, file.path)
    return { format, title, card: /^readme\.md$/i.test(file.path) ? readCard(head.toString('utf8')) : null }
  } finally {
    await handle.close()
  }
}
