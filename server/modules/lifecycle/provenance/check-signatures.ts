import type { FileHandle } from 'node:fs/promises'
import { type FileRow, readFileRows } from '../../artifacts/index.ts'
import { getVersion } from '../../catalog/index.ts'
import {
  deleteFoundSignatures,
  givenSignatures,
  isSignatureFile,
  mostBundleBytes,
  type SignatureCheck,
  type SignatureRow,
  type SignedFile,
  saveSignature,
  type Trust,
  updateSignature,
  verifySignature,
} from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { openFile } from '../files/open-file.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { trustOf } from './trust-of.ts'

/** Signature files of one model: more are none that anybody makes. */
const mostFiles = 16

/**
 * Looks for signatures among the files of a version and checks them, and those that were given before, against the digests that were
 * computed here.
 */
export async function checkSignatures(
  deps: LifecycleDeps,
  ctx: OnboardContext,
): Promise<{ signatures: { path: string; status: string }[] }> {
  const { db } = deps.database
  const version = await getVersion(db, ctx.versionId)
  const rows = await readFileRows(db, version.id)
  const files = signedFiles(rows)
  const found = rows.filter(({ path }) => isSignatureFile(path)).slice(0, mostFiles)
  const own = found.map(({ path }) => path)
  const trust = await trustOf(deps, db, version)
  const kept: SignatureRow[] = []
  for (const row of found) {
    ctx.signal.throwIfAborted()
    const bundle = row.size > mostBundleBytes ? '' : await readWhole(deps, row)
    const check = await verifySignature(Buffer.from(bundle), files, own, trust)
    ctx.log(check.status === 'verified' ? 'info' : 'warn', `${row.path}: ${check.message}`)
    kept.push({
      ...toRow(check, trust),
      id: deps.newId('signature'),
      version_id: version.id,
      project_id: version.project_id,
      origin: 'found',
      path: row.path,
      digest: version.digest ?? '',
      bundle,
    })
  }
  const given: SignatureRow[] = []
  for (const row of await givenSignatures(db, version.id)) {
    const check = await verifySignature(Buffer.from(row.bundle), files, own, trust)
    given.push({ ...row, ...toRow(check, trust), digest: version.digest ?? row.digest })
  }
  await ctx.tx(async (trx) => {
    await deleteFoundSignatures(trx, version.id)
    for (const row of kept) await saveSignature(trx, row)
    for (const row of given) await updateSignature(trx, row)
  })
  return { signatures: kept.map(({ path, status }) => ({ path: path ?? '', status })) }
}

/** Files as a signature lists them. */
export const signedFiles = (rows: readonly FileRow[]): SignedFile[] =>
  rows.flatMap(({ path, sha256 }) => (sha256 === null ? [] : [{ path, sha256 }]))

/** What a check said, as it is kept. */
export const toRow = (
  check: SignatureCheck,
  trust: Pick<Trust, 'now'>,
): Pick<
  SignatureRow,
  'status' | 'message' | 'remedy' | 'method' | 'signer' | 'files' | 'signed_at' | 'checked_at'
> => ({
  status: check.status,
  message: check.message,
  remedy: check.remedy,
  method: check.method,
  signer: { ...check.signer, expiresAt: check.signer.expiresAt?.toISOString() ?? null },
  files: check.files,
  signed_at: check.signedAt,
  checked_at: trust.now,
})

async function readWhole(deps: LifecycleDeps, row: FileRow): Promise<string> {
  const handle: FileHandle = await openFile(deps, row)
  try {
    const buffer = Buffer.alloc(row.size)
    let done = 0
    while (done < row.size) {
      const { bytesRead } = await handle.read(buffer, done, row.size - done, done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    const text = new TextDecoder('utf-8').decode(buffer.subarray(0, done))
    // The database holds no NUL; what has one is no signature.
    return text.includes('\0') ? '' : text
  } finally {
    await handle.close()
  }
}
