import { createHash } from 'node:crypto'
import { conflict, forbidden } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { SigningKey } from '../../../platform/signing-key.ts'
import { type FileRow, manifestDigest, readFileRow, readFileRows } from '../../artifacts/index.ts'
import { getModel, getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import { readHubSignature } from '../../verification/index.ts'
import type { DistributionDeps } from '../deps.ts'
import { openBytes } from '../file-bytes.ts'
import { summarizeEvidence } from './evidence.ts'
import {
  type BundleManifest,
  bundleFormat,
  bundlePurpose,
  filesFolder,
  manifestName,
  signatureName,
} from './manifest.ts'
import { tarEnd, tarHeader, tarPadding } from './tar-entries.ts'

export type ExportDeps = DistributionDeps & { signingKey: SigningKey; hubVersion: string }

export type OpenBundle = {
  /** What a file of it is called. */
  fileName: string
  /** Bytes of the whole. */
  size: number
  /** Of the key that signed it. */
  fingerprint: string
  /** Must be read to its end or ended with `return`. Throws when a file is not what its digest says, before its last bytes. */
  chunks: AsyncGenerator<Uint8Array, void, void>
}

type SealedFile = { path: string; size: number; sha256: string }

/**
 * A version as one signed tar file, for hubs that no network reaches. Who may pull the version may take it with him.
 * @throws not_found, forbidden `not_published`, conflict `nothing_to_export`, `files_in_motion`, `file_changed`
 */
export async function exportBundle(deps: ExportDeps, actor: Actor, reference: string): Promise<OpenBundle> {
  const { db } = deps.database
  const version = await getVersion(db, reference)
  const label = `${version.model_name}@${version.number}`
  if (version.state !== 'published' && !actor.permissions.has('model.write')) {
    throw forbidden('not_published', `${label} is not published.`, 'Ask for it on the page of its model.')
  }
  if (version.digest === null) {
    throw version.source_type === 'cloud'
      ? conflict('nothing_to_export', `${label} is hosted by its provider: there are no files here.`)
      : conflict('nothing_to_export', `${label} has no files of its own yet.`, 'Finish its ingest first.')
  }
  const rows = await readFileRows(db, version.id)
  for (const row of rows) await (await openBytes(deps, row, { start: 0, end: -1 })).close()
  const files = rows.map((row): SealedFile => ({ path: row.path, size: row.size, sha256: row.sha256 ?? '' }))
  if (manifestDigest(files) !== version.digest) {
    throw conflict('files_in_motion', `The files of ${label} are being ingested again.`, 'Try again later.')
  }
  const at = deps.clock.date()
  const manifest = Buffer.from(JSON.stringify(await describe(deps, version, version.digest, files, at)))
  const signature = Buffer.from(deps.signingKey.sign(bundlePurpose, manifest).toString('base64'))
  const head = [entry(manifestName, manifest, at), entry(signatureName, signature, at)]
  const size =
    head.reduce((sum, part) => sum + part.length, 0) +
    files.reduce((sum, file) => sum + headerOf(file, at).length + file.size + tarPadding(file.size).length, 0) +
    tarEnd.length
  return {
    fileName: `${version.model_name.replace('/', '--')}-v${version.number}.modelhub.tar`,
    size,
    fingerprint: deps.signingKey.fingerprint,
    chunks: write(deps, actor, version, { size, head, files, at }),
  }
}

type Plan = { size: number; head: readonly Buffer[]; files: readonly SealedFile[]; at: Date }

/** Told of when the first byte is asked for: who only asks how long it is takes nothing away. */
async function* write(
  deps: ExportDeps,
  actor: Actor,
  version: NamedVersionRow,
  { size, head, files, at }: Plan,
): AsyncGenerator<Uint8Array, void, void> {
  await deps.database.transaction((trx) =>
    deps.audit(trx, {
      actor,
      action: 'version.export',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      evidence: { digest: version.digest, bytes: size, signedBy: deps.signingKey.fingerprint },
    }),
  )
  yield* head
  for (const file of files) {
    yield headerOf(file, at)
    const row = await readFileRow(deps.database.db, version.id, file.path)
    if (row?.sha256 !== file.sha256) throw damaged(file)
    yield* checked(deps, row, file)
    yield tarPadding(file.size)
  }
  yield tarEnd
}

/** The bytes of a file; the last piece only when all of them have the digest that is signed. */
async function* checked(deps: ExportDeps, row: FileRow, file: SealedFile): AsyncGenerator<Uint8Array, void, void> {
  const bytes = await openBytes(deps, row, { start: 0, end: file.size - 1 })
  try {
    const hash = createHash('sha256')
    let last: Uint8Array | undefined
    for await (const chunk of bytes.chunks) {
      hash.update(chunk)
      if (last !== undefined) yield last
      last = chunk
    }
    if (hash.digest('hex') !== file.sha256) throw damaged(file)
    if (last !== undefined) yield last
  } finally {
    await bytes.close()
  }
}

async function describe(
  deps: ExportDeps,
  version: NamedVersionRow,
  digest: string,
  files: SealedFile[],
  at: Date,
): Promise<BundleManifest> {
  const { db } = deps.database
  const model = await getModel(db, version.model_id)
  const { publicKey, fingerprint } = deps.signingKey
  const signature = await readHubSignature(db, version.id)
  // A path on this machine tells others nothing, but of this machine.
  const address = version.source_type === 'disk' ? null : version.source_address
  return {
    format: bundleFormat,
    createdAt: at.toISOString(),
    hubVersion: deps.hubVersion,
    model: { name: model.name, description: model.description, tags: model.tags, modality: version.modality },
    version: {
      id: version.id,
      number: version.number,
      state: version.state,
      digest,
      verdict: version.verdict,
      source: { type: version.source_type, address },
      metadata: version.metadata,
      tasks: version.tasks,
      endpoints: version.endpoints,
    },
    license: version.license,
    evidence: await summarizeEvidence(db, version.id),
    signature: signature?.digest === digest ? (JSON.parse(signature.bundle) as Record<string, unknown>) : null,
    files,
    key: { algorithm: 'ed25519', publicKey, fingerprint },
  }
}

const headerOf = (file: SealedFile, at: Date): Buffer => tarHeader(`${filesFolder}${file.path}`, file.size, at)

const entry = (name: string, content: Buffer, at: Date): Buffer =>
  Buffer.concat([tarHeader(name, content.length, at), content, tarPadding(content.length)])

const damaged = (file: SealedFile) =>
  conflict(
    'file_damaged',
    `${file.path} does not have the bytes it was sealed with.`,
    'Check the stored files: `modelhub storage scrub`.',
  )
