import { statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Source, SourceCheck, SourceNote } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import { describeHollow, isLfsPointer, recognize } from '../../../../scanner/index.ts'
import { type OpenedFile, type PlannedFile, sourceKinds } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { readCard } from './read-card.ts'

const listed = 200
const probeBytes = 64 * 1024

/** Looks at a source without changing anything: files, sizes, formats by their first bytes, license tag, doubts and blockers. */
export async function checkSource(
  deps: Pick<LifecycleDeps, 'sources' | 'dataFolder'>,
  source: Source,
  signal?: AbortSignal,
): Promise<SourceCheck> {
  const kind = sourceKinds.get(source.type)
  const notes: SourceNote[] = []
  const files: PlannedFile[] = []
  let fileCount = 0
  let totalBytes = 0
  try {
    for await (const file of kind.list(
      source,
      deps.sources,
      (note) => notes.length < 100 && notes.push(note),
      signal,
    )) {
      fileCount += 1
      totalBytes += file.size
      if (files.length < listed) files.push(file)
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    notes.push({
      level: 'blocker',
      message: error.message,
      ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    })
  }
  const seen: (PlannedFile & Looked)[] = []
  for (const file of files) {
    signal?.throwIfAborted()
    seen.push({ ...file, ...(await look(deps, source, file)) })
  }
  if (fileCount === 0 && notes.every((note) => note.level !== 'blocker')) {
    notes.push({
      level: 'blocker',
      message: 'The source holds no file.',
      remedy: 'Give the folder that holds the model files.',
    })
  }
  for (const { blocker } of seen.filter((file) => file.blocker !== undefined).slice(0, 10)) {
    if (blocker === undefined) continue
    const { message, remedy } = blocker
    notes.push({ level: 'blocker', message, ...(remedy === undefined ? {} : { remedy }) })
  }
  const weights = seen.filter((file) => file.format === 'gguf' || file.format === 'safetensors')
  const neededBytes = source.mode === 'copy' ? totalBytes : 0
  const { bavail, bsize } = await statfs(deps.dataFolder)
  const freeBytes = bavail * bsize
  if (neededBytes > freeBytes) {
    notes.push({
      level: 'blocker',
      message: 'The files do not fit on the disk of the store.',
      remedy: 'Free space, or register the files in place.',
    })
  }
  if (fileCount > 0) addFacts(notes, seen, weights.length)
  const card = seen.find((file) => file.card !== null)?.card ?? null
  return {
    ok: notes.every((note) => note.level !== 'blocker'),
    address: kind.address(source),
    suggestedName: suggestName(source.path),
    suggestedModality: weights.length > 0 ? 'text' : null,
    fileCount,
    totalBytes,
    files: seen.map(({ path, size, format }) => ({ path, size, format })),
    licenseTag: card?.license ?? null,
    formats: [...new Set(seen.map((file) => file.format))],
    disk: { neededBytes, freeBytes },
    notes,
  }
}

type Seen = { path: string; format: string; title: string }

function addFacts(notes: SourceNote[], seen: readonly Seen[], weights: number): void {
  if (weights > 0) {
    notes.unshift({ level: 'fact', message: `${weights} ${weights === 1 ? 'file' : 'files'} of weights found.` })
  } else {
    notes.push({
      level: 'doubt',
      message: 'No GGUF or safetensors weights were found.',
      remedy: 'Check that this is the folder of the model.',
    })
  }
  const risky = seen.filter((file) =>
    ['pickle', 'zip', 'elf', 'script', 'portable-executable', 'python'].includes(file.format),
  )
  if (risky.length > 0) {
    notes.push({
      level: 'doubt',
      message: `${risky.length} ${risky.length === 1 ? 'file' : 'files'} of a format that can run code, such as ${risky[0]?.path} (${risky[0]?.title}).`,
      remedy: 'The version will need attention. Prefer safetensors or GGUF.',
    })
  }
  notes.push({ level: 'fact', message: 'Every byte will be hashed; nothing in the files is executed.' })
}

type Looked = {
  format: string
  title: string
  card: ReturnType<typeof readCard> | null
  /** Why the file cannot be taken in as it is. */
  blocker?: { message: string; remedy: string | undefined }
}

/** The format by the first bytes. Opened as the ingest will open it, so that nothing outside the allowed folders is looked at. */
async function look(deps: Pick<LifecycleDeps, 'sources'>, source: Source, file: PlannedFile): Promise<Looked> {
  const unknown = { format: 'unknown', title: 'Unknown', card: null }
  const opened = await sourceKinds
    .get(source.type)
    .open(source, file, deps.sources)
    .catch((error: unknown) => error)
  if (opened instanceof HubError) return { ...unknown, blocker: { message: opened.message, remedy: opened.remedy } }
  if (opened instanceof Error) throw opened
  const { handle } = opened as OpenedFile
  try {
    const hollow = await describeHollow(handle)
    if (hollow !== null) {
      return { ...unknown, blocker: { message: `${file.path} ${hollow}.`, remedy: 'Download or copy the file again.' } }
    }
    const buffer = Buffer.alloc(Math.min(probeBytes, file.size))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    const head = buffer.subarray(0, bytesRead)
    if (isLfsPointer(head, file.size)) {
      return {
        ...unknown,
        blocker: {
          message: `${file.path} is a Git LFS pointer, not the file itself.`,
          remedy: 'Run `git lfs pull` in the folder it was cloned to.',
        },
      }
    }
    const { format, title } = recognize(head, file.path)
    return { format, title, card: /^readme\.md$/i.test(file.path) ? readCard(head.toString('utf8')) : null }
  } finally {
    await handle.close()
  }
}

/** A model name from the last part of the path: allowed characters only, without the ending of a weights file. */
function suggestName(path: string): string | null {
  const base = basename(path).replace(/\.(gguf|safetensors)$/i, '')
  const name = base
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 96)
  return name === '' ? null : name
}
