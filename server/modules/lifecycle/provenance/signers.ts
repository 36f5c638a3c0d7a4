import type { CreateSigner, TrustedSigner } from '../../../../contract/index.ts'
import { invalid, limitReached, messageOf, notFound } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { findVersionRows } from '../../catalog/index.ts'
import { resolveProject } from '../../projects/index.ts'
import {
  countSigners,
  insertSigner,
  isSignatureFile,
  keyIdOf,
  mostSigners,
  nextSignatures,
  pageSigners,
  readCertificates,
  readPublicKey,
  removeSignerRow,
  type SignerRow,
  updateSignature,
  verifySignature,
} from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { signedFiles, toRow } from './check-signatures.ts'
import { trustOf } from './trust-of.ts'

/** Trusts a signer from now on and looks at every stored signature again. Throws `invalid` for what is no such signer, `limit`. */
export async function createSigner(deps: LifecycleDeps, actor: Actor, input: CreateSigner): Promise<TrustedSigner> {
  const proved = readMaterial(input)
  const at = deps.clock.date()
  const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt)
  if (expiresAt !== null && expiresAt <= at) {
    throw invalid('expiry_out_of_range', 'The end date is over already.', 'Give a date ahead.')
  }
  const row = await deps.database.transaction(async (trx) => {
    if ((await countSigners(trx)) >= mostSigners) {
      throw limitReached('too_many_signers', `${mostSigners} signers are trusted already.`, 'Remove one first.')
    }
    const made: SignerRow = {
      id: deps.newId('signer'),
      project_id: (await resolveProject(trx, undefined)).id,
      name: input.name,
      kind: input.kind,
      ...proved,
      sources: input.sources,
      expires_at: expiresAt,
      reason: input.reason,
      created_by: actor.name,
      created_by_id: actor.id,
      created_at: at,
    }
    await insertSigner(trx, made)
    await deps.audit(trx, {
      actor,
      action: 'signer.trust',
      object: { type: 'signer', id: made.id, name: made.name },
      projectId: made.project_id,
      reason: input.reason,
      after: present(made),
    })
    return made
  })
  await checkAllAgain(deps)
  return present(row)
}

/** Takes trust back and looks at every stored signature again. Throws `not_found`. */
export async function removeSigner(deps: LifecycleDeps, actor: Actor, id: string): Promise<void> {
  await deps.database.transaction(async (trx) => {
    const row = await removeSignerRow(trx, id, deps.clock.date())
    if (row === undefined) throw notFound('signer_not_found', `There is no trusted signer ${id}.`, 'List them first.')
    await deps.audit(trx, {
      actor,
      action: 'signer.remove',
      object: { type: 'signer', id, name: row.name },
      projectId: row.project_id,
      before: present(row),
    })
  })
  await checkAllAgain(deps)
}

/** Who is trusted, newest first. */
export async function listSigners(db: Db, input: { limit: number; cursor?: string }): Promise<Page<TrustedSigner>> {
  const before = input.cursor === undefined ? null : decodeCursor(input.cursor, ['text'])[0]
  return toPage(await pageSigners(db, input.limit, before), input.limit, present, ({ id }) => [id])
}

type Proved = Pick<SignerRow, 'material' | 'key_id' | 'identity' | 'issuer'>

function readMaterial({ kind, material, identity, issuer }: CreateSigner): Proved {
  if (kind === 'sigstore') {
    if (identity === undefined || issuer === undefined || material !== undefined) {
      throw invalid(
        'signer_invalid',
        'A signer of Sigstore is an identity and its issuer, and nothing else.',
        'Give identity and issuer. The trust root is pinned by MODELHUB_SIGSTORE_TRUSTED_ROOT.',
      )
    }
    return { material: null, key_id: null, identity, issuer }
  }
  if (material === undefined || issuer !== undefined || (kind === 'key' && identity !== undefined)) {
    throw invalid(
      'signer_invalid',
      kind === 'key'
        ? 'A key is given by its PEM alone.'
        : 'Certificates are given by their PEM, with or without an identity.',
      'Give material.',
    )
  }
  try {
    if (kind === 'key') {
      const key = readPublicKey(material)
      return {
        material: key.export({ type: 'spki', format: 'pem' }).toString(),
        key_id: keyIdOf(key),
        identity: null,
        issuer: null,
      }
    }
    const certificates = readCertificates(material)
    return { material: certificates.map(String).join(''), key_id: null, identity: identity ?? null, issuer: null }
  } catch (cause) {
    throw invalid('signer_invalid', `What was given cannot be used: ${messageOf(cause)}.`, 'Give it as PEM.', { cause })
  }
}

const perLook = 20

/** From what is stored: no file is opened. */
async function checkAllAgain(deps: LifecycleDeps): Promise<void> {
  const { db } = deps.database
  for (let after = ''; ; ) {
    const rows = await nextSignatures(db, after, perLook)
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.id
    const versions = await findVersionRows(db, [...new Set(rows.map(({ version_id }) => version_id))])
    for (const row of rows) {
      const version = versions.get(row.version_id)
      if (version === undefined) continue
      const files = await readFileRows(db, version.id)
      const trust = await trustOf(deps, db, version)
      const own = files.map(({ path }) => path).filter(isSignatureFile)
      const check = await verifySignature(Buffer.from(row.bundle), signedFiles(files), own, trust)
      const digest = version.digest ?? row.digest
      await deps.database.transaction((trx) => updateSignature(trx, { ...row, ...toRow(check, trust), digest }))
    }
  }
}

const present = (row: SignerRow): TrustedSigner => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  keyId: row.key_id,
  identity: row.identity,
  issuer: row.issuer,
  sources: row.sources,
  expiresAt: row.expires_at?.toISOString() ?? null,
  reason: row.reason,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
})
