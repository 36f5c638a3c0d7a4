import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { forbidden, HubError, invalid, randomText, upstream } from '../../../../kernel/index.ts'
import { fsyncPath, makeFolderDurably } from '../../../platform/durable-files.ts'
import type { ReserveRoom } from '../../../platform/place/index.ts'
import {
  type BundleManifest,
  broken,
  filesFolder,
  manifestName,
  mostManifestBytes,
  readManifest,
  signatureName,
} from './manifest.ts'
import { createTarReader, type TarEntry, type TarReader } from './tar-entries.ts'

export type ReceiveDeps = {
  /** Where imports are unpacked: `<data>/imports`. */
  importsFolder: string
  reserveRoom: ReserveRoom
  /** Whether bundles of a key with this fingerprint are taken. */
  trusts: (fingerprint: string) => boolean
}

export type ReceivedBundle = {
  manifest: BundleManifest
  /** Holds the files, every one with the digest that was signed. */
  folder: string
}

/**
 * Takes a bundle as it comes in. The signature is checked and the key known before a byte is written; nothing is left when a file is not
 * what was signed. Twice its size must be free: the files are then taken into the store.
 * @param declaredBytes how long the bundle is
 * @param onFolder called with the folder before it is made
 * @throws invalid `bundle_…`, forbidden `bundle_key_unknown`, limit `disk_full`, the signal's reason
 */
export async function receiveBundle(
  deps: ReceiveDeps,
  source: AsyncIterable<Uint8Array>,
  declaredBytes: number,
  onFolder: (folder: string) => void,
  signal: AbortSignal,
): Promise<ReceivedBundle> {
  const reservation = deps.reserveRoom(deps.importsFolder, 2 * declaredBytes)
  const folder = join(deps.importsFolder, randomText(20))
  onFolder(folder)
  try {
    const reader = createTarReader(guarded(source, declaredBytes, signal, reservation.took))
    const manifestBytes = await readSmall(reader, manifestName, mostManifestBytes)
    const manifest = readManifest(manifestBytes, await readSmall(reader, signatureName, 1_024))
    const { fingerprint } = manifest.key
    if (!deps.trusts(fingerprint)) throw unknownKey(fingerprint)
    const total = manifest.files.reduce((sum, file) => sum + file.size, 0)
    if (total > declaredBytes) throw broken('its files are longer than it is')
    makeFolderDurably(folder)
    for (const file of manifest.files) {
      const entry = await reader.next()
      if (entry?.path !== `${filesFolder}${file.path}` || entry.size !== file.size) throw broken(misplaced(entry))
      await writeChecked(reader, join(folder, file.path), file)
    }
    if ((await reader.next()) !== null) throw broken('it holds more files than its manifest names')
    // What is ingested from here must be what was signed, after a power cut too. The bytes are flushed; now their names.
    for (const name of foldersOf(manifest)) fsyncPath(join(folder, name))
    return { manifest, folder }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    reservation.release()
  }
}

/** Folders of the bundle, those within others first. */
function foldersOf({ files }: BundleManifest): string[] {
  const folders = new Set<string>(
    files.flatMap(({ path }) => path.split('/').map((_part, i, parts) => parts.slice(0, i).join('/'))),
  )
  return [...folders].sort((a, b) => b.length - a.length)
}

const misplaced = (entry: TarEntry | null) =>
  entry === null ? 'files are missing at its end' : 'its files are not those of its manifest, in that order'

async function readSmall(reader: TarReader, name: string, most: number): Promise<Buffer> {
  const entry = await reader.next()
  if (entry?.path !== name || entry.size > most) throw broken(`it does not begin with ${name}`)
  const parts: Uint8Array[] = []
  for await (const chunk of reader.bytes()) parts.push(chunk)
  return Buffer.concat(parts)
}

async function writeChecked(reader: TarReader, path: string, file: { path: string; sha256: string }): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  const target = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of reader.bytes()) {
      hash.update(chunk)
      for (let done = 0; done < chunk.length; ) done += (await target.write(chunk, done)).bytesWritten
    }
    await target.sync()
  } finally {
    await target.close()
  }
  if (hash.digest('hex') === file.sha256) return
  throw upstream(
    'bundle_file_wrong',
    `${file.path} in the bundle is not the file that was signed.`,
    'Get the bundle again; if it happens again, do not trust where it comes from.',
    { details: { status: 400 } },
  )
}

/** The bytes as they come, no more than were declared; what breaks off is told as that. */
async function* guarded(
  source: AsyncIterable<Uint8Array>,
  declaredBytes: number,
  signal: AbortSignal,
  took: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    for await (const chunk of source) {
      signal.throwIfAborted()
      bytes += chunk.length
      if (bytes > declaredBytes) throw broken('it is longer than was said')
      took(chunk.length)
      yield chunk
    }
  } catch (cause) {
    if (cause instanceof HubError) throw cause
    throw invalid('incomplete_body', 'The bundle broke off before its end.', 'Send it again.', { cause })
  }
}

const unknownKey = (fingerprint: string) =>
  forbidden(
    'bundle_key_unknown',
    `The bundle is signed by a key that this hub does not know: ${fingerprint}.`,
    'Compare the fingerprint with what the other hub said when it made the bundle, then give it with --trust-key, or add it to MODELHUB_TRUSTED_KEYS.',
    { details: { fingerprint } },
  )
