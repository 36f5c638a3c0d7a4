import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { conflict, invalid, messageOf } from '../../kernel/index.ts'
import { fsyncPath } from '../platform/db/durable-file-system.ts'
import { damaged } from './damaged.ts'
import { digestFile, isBackupFolder, isBackupPath, manifestFile } from './layout.ts'

const format = 1
/** About a million stored files; read whole, so it is bounded before it is believed. */
const mostBytes = 128 * 1024 * 1024

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Size = z.int().min(0)

export const Manifest = z.strictObject({
  format: z.literal(format),
  hubVersion: z.string().max(100),
  /** Number of the newest migration of the database. */
  schema: z.int().min(1),
  /** Everything acknowledged before it is in the backup. */
  instant: z.iso.datetime(),
  /** `included`: `secret.key` is in the backup. `outside`: the hub took its key from its settings. */
  secretKey: z.strictObject({ kept: z.enum(['included', 'outside']), id: Sha256 }),
  /** The audit trail as it verified when the backup was made; null when the data was older than the hub that made it. */
  audit: z
    .strictObject({ ok: z.boolean(), events: z.int(), head: z.string().nullable(), message: z.string() })
    .nullable(),
  files: z.array(z.strictObject({ path: z.string().refine(isBackupPath), size: Size, sha256: Sha256 })),
  folders: z.array(z.string().refine(isBackupFolder)),
  blobs: z.array(z.strictObject({ sha256: Sha256, size: Size })),
  /** Stored files that the hub itself had lost or damaged when the backup was made. */
  lostBlobs: z.array(Sha256),
  /** Versions whose files stay on their disks and are not in the backup. */
  inPlace: z.array(z.strictObject({ version: z.string(), path: z.string(), files: z.int(), bytes: z.int() })),
})
export type Manifest = z.infer<typeof Manifest>

/** Writes the manifest and then its digest, each flushed: only now the folder is a backup. Returns the digest. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const bytes = Buffer.from(`${JSON.stringify(Manifest.parse(manifest))}\n`)
  if (bytes.length > mostBytes) {
    throw conflict(
      'backup_too_many_files',
      `The manifest would have ${bytes.length} bytes; ${mostBytes} are the limit.`,
    )
  }
  const digest = createHash('sha256').update(bytes).digest('hex')
  await writeNew(join(folder, manifestFile), bytes)
  fsyncPath(folder)
  await writeNew(join(folder, digestFile), Buffer.from(`${digest}  ${manifestFile}\n`))
  fsyncPath(folder)
  return digest
}

/**
 * Reads the manifest of a whole backup and checks it against its digest and its own rules.
 * Throws `invalid` `backup_not_found`, `backup_unfinished`, `conflict` `backup_damaged`, `backup_format_unknown`.
 */
export async function readManifest(folder: string): Promise<{ manifest: Manifest; digest: string }> {
  const told = await readBounded(join(folder, digestFile), 1_000)
  const bytes = await readBounded(join(folder, manifestFile), mostBytes)
  if (bytes === undefined && told === undefined) {
    throw invalid(
      'backup_not_found',
      `${folder} holds no whole backup: it has no ${manifestFile}.`,
      'Name a folder that `modelhub backup` made and finished.',
    )
  }
  if (told === undefined) throw unfinished(folder)
  if (bytes === undefined) throw damaged(manifestFile, 'is missing')
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (told.toString('utf8') !== `${digest}  ${manifestFile}\n`) {
    throw damaged(manifestFile, `does not have the SHA-256 that ${digestFile} says`)
  }
  return { manifest: parse(bytes), digest }
}

export const unfinished = (folder: string) =>
  invalid('backup_unfinished', `The backup in ${folder} was never finished.`, 'Use another one; remove this folder.')

function parse(bytes: Buffer): Manifest {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw damaged(manifestFile, `is no JSON: ${messageOf(error)}`)
  }
  const told = typeof value === 'object' && value !== null ? (value as { format?: unknown }).format : undefined
  if (typeof told === 'number' && told !== format) {
    throw conflict(
      'backup_format_unknown',
      `The backup has format ${told}; this hub knows format ${format}.`,
      'Restore it with the version of the hub that made it, or a newer one.',
    )
  }
  const parsed = Manifest.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw damaged(manifestFile, `is not a manifest: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  return parsed.data
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A file's bytes; undefined when there is none. A link is not followed. */
async function readBounded(path: string, limit: number): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error) => {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'ELOOP' || code === 'EMLINK') throw damaged(path, 'is a link')
    throw error
  })
  if (file === undefined) return undefined
  try {
    const about = await file.stat()
    if (!about.isFile()) throw damaged(path, 'is no regular file')
    if (about.size > limit) throw damaged(path, `has ${about.size} bytes; ${limit} are the limit`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}
