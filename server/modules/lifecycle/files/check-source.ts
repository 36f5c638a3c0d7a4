import { statfs } from 'node:fs/promises'
import {
  type Modality,
  type Source,
  type SourceCheck,
  type SourceNote,
  suggestModelName,
} from '../../../../contract/index.ts'
import { fileSource, sourceKinds } from '../../sources/index.ts'
import { knownVersions } from '../known-versions.ts'
import { modalityConflict } from './description/modality-conflict.ts'
import { type CheckDeps, isWeights, type Look, type SeenFile } from './look.ts'
import { lookAtHosted } from './look-at-hosted.ts'
import { lookAtLocal } from './look-at-local.ts'
import { lookAtRemote } from './look-at-remote.ts'

const mostNotes = 100

/** Looks at a source without changing anything: files, sizes, formats, license tag, access, room, doubts and blockers. */
export async function checkSource(
  deps: CheckDeps,
  source: Source,
  given: { modality?: Modality | undefined } = {},
  signal?: AbortSignal,
): Promise<SourceCheck> {
  const kind = sourceKinds.get(source.type)
  const notes: SourceNote[] = []
  const onNote = (note: SourceNote) => void (notes.length < mostNotes && notes.push(note))
  const look = await lookAt(deps, source, onNote, given.modality !== undefined, signal)
  const isBlocked = () => notes.some((note) => note.level === 'blocker')
  if (look.fileCount === 0 && look.hosted === null && !isBlocked()) {
    onNote({
      level: 'blocker',
      message: 'The source holds no file.',
      remedy: 'Give the folder or repository that holds the model files.',
    })
  }
  const { bavail, bsize } = await statfs(deps.dataFolder)
  const freeBytes = bavail * bsize
  if (look.neededBytes !== null && look.neededBytes > freeBytes) {
    onNote({
      level: 'blocker',
      message: `The files do not fit on the disk of the store: ${look.neededBytes - freeBytes} bytes are missing.`,
      remedy:
        kind.reads === 'local'
          ? 'Free space, or register the files in place.'
          : 'Free space there, or take fewer files.',
    })
  }
  if (look.fileCount > 0) addFacts(notes, look.files)
  const who = look.hosted === null ? 'the files say' : 'the provider says'
  const conflict = look.described === null ? null : modalityConflict(given.modality, look.described, who)
  if (conflict !== null) notes.unshift({ level: 'doubt', code: 'modality', ...conflict })
  const address = kind.address(source)
  return {
    ok: !isBlocked(),
    address,
    suggestedName: suggestModelName(source),
    suggestedModality: look.modality,
    fileCount: look.fileCount,
    totalBytes: look.totalBytes,
    files: look.files.map(({ path, size, format }) => ({ path, size, format })),
    licenseTag: look.license,
    formats: [...new Set(look.files.map((file) => file.format))],
    disk: { neededBytes: look.neededBytes, freeBytes, alreadyStoredBytes: look.alreadyStoredBytes },
    remote: look.remote,
    hosted: look.hosted,
    known: (await knownVersions(deps.database.db, [address])).get(address) ?? [],
    notes,
  }
}

function lookAt(
  deps: CheckDeps,
  source: Source,
  onNote: (note: SourceNote) => void,
  thorough: boolean,
  signal: AbortSignal | undefined,
): Promise<Look> {
  if (source.type === 'cloud') return lookAtHosted(deps, source, onNote, signal)
  const kind = fileSource(source.type)
  return kind.reads === 'local'
    ? lookAtLocal(deps, kind, source, onNote, thorough, signal)
    : lookAtRemote(deps, kind, source, onNote, signal)
}

function addFacts(notes: SourceNote[], seen: readonly SeenFile[]): void {
  const weights = seen.filter(isWeights).length
  if (weights > 0) {
    notes.unshift({ level: 'fact', message: `${weights} ${weights === 1 ? 'file' : 'files'} of weights found.` })
  } else if (!seen.some(({ format }) => format === 'archive')) {
    notes.push({
      level: 'doubt',
      message: 'No GGUF or safetensors weights were found.',
      remedy: 'Check that this is where the files of the model are.',
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
