import { constants } from 'node:fs'
import { open, statfs } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Source, SourceCheck, SourceNote } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import { recognize } from '../../../../scanner/index.ts'
import { type PlannedFile, sourceKinds } from '../../sources/index.ts'
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
  const seen = await Promise.all(files.map(async (file) => ({ ...file, ...(await look(file)) })))
  if (fileCount === 0 && notes.every((note) => note.level !== 'blocker')) {
    notes.push({
      level: 'blocker',
      message: 'The source holds no file.',
      remedy: 'Give the folder that holds the model files.',
    })
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

async function look(
  file: PlannedFile,
): Promise<{ format: string; title: string; card: ReturnType<typeof readCard> | null }> {
  const unknown = { format: 'unknown', title: 'Unknown', card: null }
  const handle = await open(file.realPath, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null)
  if (handle === null) return unknown
  try {
    const buffer = Buffer.alloc(Math.min(probeBytes, file.size))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    const head = buffer.subarray(0, bytesRead)
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
