import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { setUpFileHub, useFolder } from '../../../../test/faults/support/file-hub.ts'
import { describeEachDatabase, hubErrorOf, person, uniqueName } from '../../../../test/support/index.ts'
import { loadSigningKey, type ModelKey } from '../../../platform/signing-key.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { listAudit } from '../../governance/index.ts'
import {
  keyIdOf,
  readBundle,
  readStatement,
  verifySignature,
  writeBundle,
  writeStatement,
} from '../../verification/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { keepSource } from '../files/source-of.ts'
import { listNotices } from '../notices/list-notices.ts'
import { onboard } from '../onboard.ts'
import { publish } from '../publish.ts'
import { readScan } from '../show/read-scans.ts'
import { readinessOf } from '../show/readiness.ts'
import { withdrawIfDamaged } from '../withdraw-damaged.ts'
import { signedFiles } from './check-signatures.ts'
import { attestVersion } from './describe-version.ts'
import { giveSignature, listSignatures, readSignature, signingIdentity } from './signatures.ts'
import { createSigner, listSigners, removeSigner } from './signers.ts'

const publisher = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const publisherKey = publisher.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const publisherId = keyIdOf(publisher.publicKey)

describeEachDatabase(
  'where versions come from',
  (getDb, lane) => {
    const hub = setUpFileHub(getDb)
    const folder = useFolder('provenance')
    const db = () => getDb().db
    let key: ModelKey
    let made = 0
    beforeAll(async () => {
      key = (await loadSigningKey(hub.deps().dataFolder)).models
    })
    const deps = (): LifecycleJobDeps => ({ ...hub.deps(), provenance: { key, trustedRoot: null } })
    const model = (more: Record<string, string> = {}) => {
      const path = join(folder.path, `model-${(made += 1)}`)
      mkdirSync(path)
      const files = { 'README.md': `# Model ${made} of ${lane.kind}\n`, 'notes.txt': `notes ${made}\n`, ...more }
      for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
      return path
    }
    const noJobs = { enqueue: () => Promise.reject(new Error('no job was expected')) }
    const verified = async (path: string) => {
      const id = await hub.register(path, 'copy')
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified' })
      return id
    }
    const run = (id: string) => publish(deps(), id, { actor: person(), serve: () => Promise.resolve(null) })
    const filesOf = async (id: string) => signedFiles(await readFileRows(db(), id))
    const signaturesOf = async (id: string) => (await listSignatures(db(), id, { limit: 10 })).items
    const gateOf = async (id: string) =>
      (await readinessOf(deps(), id, person())).checks.find((check) => check.id === 'signature')
    const signedBy = (files: Awaited<ReturnType<typeof filesOf>>) =>
      writeBundle(writeStatement('acme/model', files), publisherId, (bytes) =>
        signBytes('sha256', bytes, publisher.privateKey),
      )
    const trusted = async (sources = ['*'], extra: { expiresAt?: string } = {}) =>
      await createSigner(deps(), person(), {
        name: 'Acme',
        kind: 'key',
        material: publisherKey,
        sources,
        reason: 'their page',
        ...extra,
      })

    test('publishing signs the files with the hub’s key, and the document alone proves it elsewhere', async () => {
      const id = await verified(model())
      expect((await hubErrorOf(readSignature(db(), id))).code).toBe('not_signed')
      await run(id)
      const bundle = Buffer.from(JSON.stringify(await readSignature(db(), id)))
      const { publicKey, keyId } = signingIdentity(deps())
      const trust = {
        signers: [{ kind: 'key' as const, name: 'that hub', material: publicKey, expiresAt: null }],
        trustedRoot: null,
        now: new Date(),
      }
      const files = await filesOf(id)
      expect(await verifySignature(bundle, files, [], trust)).toMatchObject({ status: 'verified', signer: { keyId } })
      expect((await verifySignature(bundle, files.slice(1), [], trust)).status).toBe('removed_file')
      expect(await signaturesOf(id)).toMatchObject([
        { origin: 'hub', status: 'verified', signer: { keyId }, files: 2, method: 'key' },
      ])
      const published = (await listAudit(db(), { object: id, limit: 1 })).items[0]
      expect(published).toMatchObject({ action: 'version.publish', evidence: { signedBy: keyId } })
      // What the hub signs itself says nothing about where the files come from.
      expect(await gateOf(id)).toMatchObject({
        status: 'incomplete',
        fact: expect.stringContaining('signed = false') as string,
      })
    })

    test('a signature in the files is found, and counts once its signer is trusted for that source', async () => {
      const path = model()
      const first = await verified(path)
      const files = await filesOf(first)
      writeFileSync(join(path, 'model.sig'), JSON.stringify(signedBy(files)))
      const id = await verified(path)
      expect(await signaturesOf(id)).toMatchObject([
        { origin: 'found', path: 'model.sig', status: 'unknown_signer', signer: { keyId: publisherId } },
      ])
      expect(await gateOf(id)).toMatchObject({
        status: 'warn',
        blocks: false,
        fact: expect.stringContaining('unknown_signer') as string,
      })
      const elsewhere = await trusted(['huggingface:acme/*'])
      expect(await signaturesOf(id)).toMatchObject([{ status: 'signer_not_allowed', signer: { name: 'Acme' } }])
      const here = await trusted([`disk:${folder.path}/*`])
      expect(await signaturesOf(id)).toMatchObject([{ status: 'verified', signer: { name: 'Acme' } }])
      expect(await gateOf(id)).toMatchObject({ status: 'pass', message: expect.stringContaining('Acme') as string })
      expect((await listSigners(db(), { limit: 10 })).items.map(({ id }) => id)).toEqual([here.id, elsewhere.id])
      await removeSigner(deps(), person(), here.id)
      await removeSigner(deps(), person(), elsewhere.id)
      expect(await signaturesOf(id)).toMatchObject([{ status: 'unknown_signer' }])
      expect((await hubErrorOf(removeSigner(deps(), person(), here.id))).code).toBe('signer_not_found')
      expect((await listAudit(db(), { object: here.id, limit: 10 })).items.map(({ action }) => action)).toEqual([
        'signer.remove',
        'signer.trust',
      ])
    })

    test('a signature that comes beside the files, such as in a bundle, is kept with the version and checked again when they are read', async () => {
      const path = model()
      const files = await filesOf(await verified(path))
      const register = async (bundle: Record<string, unknown>, listed = files) => {
        const start = { ...deps(), sources: { ...deps().sources, roots: [folder.path] }, jobs: noJobs as never }
        const { versionId } = await onboard(
          start,
          person(),
          { name: uniqueName('brought'), source: { type: 'disk', path, mode: 'copy' }, start: false },
          {
            ownerId: null,
            evidence: { bundle: 'b' },
            signature: { bundle, files: listed, digest: (await getVersion(db(), id)).digest ?? '' },
          },
        )
        return versionId
      }
      const id = await verified(path)
      const known = await trusted()
      const good = await register(signedBy(files))
      const before = await signaturesOf(good)
      expect(before).toMatchObject([{ origin: 'given', status: 'verified', path: null, signer: { name: 'Acme' } }])
      expect((await listAudit(db(), { object: good, limit: 1 })).items[0]).toMatchObject({
        action: 'version.register',
        evidence: { bundle: 'b', signature: { signature: before[0]?.id, status: 'verified' } },
      })
      expect(await hub.onboard(good)).toMatchObject({ state: 'verified' })
      expect(await signaturesOf(good)).toMatchObject([{ id: before[0]?.id, status: 'verified' }])
      expect(await gateOf(good)).toMatchObject({ status: 'pass' })
      // It is what is read that counts, not what came with it.
      const other = files.map((file) => ({ ...file, sha256: '0'.repeat(64) }))
      const lied = await register(signedBy(other), other)
      expect(await signaturesOf(lied)).toMatchObject([{ status: 'verified' }])
      await hub.onboard(lied)
      expect(await signaturesOf(lied)).toMatchObject([{ status: 'changed_file' }])
      expect(await signaturesOf(await register({ hello: 'world' }))).toMatchObject([{ status: 'malformed' }])
      await removeSigner(deps(), person(), known.id)
      expect(await signaturesOf(good)).toMatchObject([{ status: 'unknown_signer' }])
    })

    test('a signature over other bytes is told as that', async () => {
      const path = model()
      const files = await filesOf(await verified(path))
      writeFileSync(join(path, 'model.sig'), JSON.stringify(signedBy(files)))
      writeFileSync(join(path, 'notes.txt'), 'other notes\n')
      const signer = await trusted()
      const id = await verified(path)
      expect(await signaturesOf(id)).toMatchObject([
        { status: 'changed_file', message: expect.stringContaining('notes.txt') as string, signer: { name: 'Acme' } },
      ])
      expect(await gateOf(id)).toMatchObject({
        status: 'warn',
        message: expect.stringContaining('notes.txt') as string,
      })
      await removeSigner(deps(), person(), signer.id)
    })

    test('a signature that a person brings is checked and kept, good or not; trust that ends ends it', async () => {
      const id = await verified(model())
      const signer = await trusted(['*'], { expiresAt: new Date(Date.now() + 1_500).toISOString() })
      const files = await filesOf(id)
      expect(await giveSignature(deps(), person(), id, signedBy(files))).toMatchObject({
        origin: 'given',
        status: 'verified',
      })
      expect(await giveSignature(deps(), person(), id, { hello: 'world' })).toMatchObject({ status: 'malformed' })
      expect(await gateOf(id)).toMatchObject({ status: 'pass' })
      await new Promise((resolve) => setTimeout(resolve, 1_600))
      expect(await gateOf(id)).toMatchObject({
        status: 'warn',
        fact: expect.stringContaining('expired_signer') as string,
      })
      await removeSigner(deps(), person(), signer.id)
      expect((await signaturesOf(id)).map(({ status }) => status).sort()).toEqual(['malformed', 'unknown_signer'])
    })

    test.each([
      [
        'a private key',
        { kind: 'key', material: publisher.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() },
      ],
      ['nothing', { kind: 'key' }],
      ['a key as a certificate', { kind: 'certificate', material: publisherKey }],
      ['half an identity', { kind: 'sigstore', identity: 'a@acme.example' }],
      [
        'a short key',
        {
          kind: 'key',
          material: generateKeyPairSync('rsa', { modulusLength: 1_024 })
            .publicKey.export({ type: 'spki', format: 'pem' })
            .toString(),
        },
      ],
    ] as const)('%s is no signer', async (_what, input) => {
      const refused = createSigner(deps(), person(), { name: 'x', sources: ['*'], reason: 'x', ...input })
      expect((await hubErrorOf(refused)).code).toBe('signer_invalid')
    })

    test('the attestation names every file with its digest and is signed by the hub', async () => {
      const id = await verified(model())
      const bundle = await attestVersion(deps(), id, '9.9.9')
      const { dsseEnvelope } = bundle as { dsseEnvelope: { payload: string } }
      const statement = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as Record<string, unknown>
      const files = await filesOf(id)
      const { digest } = await getVersion(db(), id)
      expect(statement).toMatchObject({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [
          { digest: { modelhubManifest: digest } },
          ...files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
        ],
        predicateType: 'urn:modelhub:attestation:version:1',
        predicate: {
          hub: { version: '9.9.9', keyId: key.keyId },
          scan: { verdict: 'pass', stale: false },
          integrity: { complete: true, intact: true },
        },
      })
      // A path of this machine is not told.
      expect(JSON.stringify(statement)).not.toContain(folder.path)
      // It is no signature over a model: what is signed for one purpose proves nothing for another.
      expect(() => readStatement(readBundle(Buffer.from(JSON.stringify(bundle))).payload)).toThrow(
        'not one of model signing',
      )
    })

    test('what a scanner elsewhere says is shown beside ours, and is no verdict', async () => {
      const id = await verified(model())
      const version = await getVersion(db(), id)
      const source = { type: 'huggingface' as const, repo: 'acme/model', revision: 'main', commit: 'a'.repeat(40) }
      const issues = { scansDone: true, issues: 1, files: [{ path: 'model.bin', level: 'unsafe' }] }
      await getDb().transaction((trx) =>
        keepSource(
          { roots: [] },
          trx,
          version,
          { source: source as never, secret: null, pin: { security: issues } },
          new Date(),
        ),
      )
      expect(await readScan(deps(), db(), id)).toMatchObject({
        verdict: 'pass',
        imported: [
          {
            scanner: 'huggingface',
            origin: 'imported',
            status: 'issues',
            files: [{ path: 'model.bin', status: 'unsafe' }],
            source: `acme/model@${'a'.repeat(40)}`,
          },
        ],
      })
      expect((await getVersion(db(), id)).state).toBe('verified')
    })

    test('a published version whose bytes changed leaves service, and its owner hears of it', async () => {
      const path = model()
      const id = await hub.register(path, 'in_place')
      await hub.onboard(id)
      await run(id)
      writeFileSync(join(path, 'notes.txt'), 'notes X\n')
      const input = {
        jobId: null,
        actor: person(),
        tx: (body: never) => getDb().transaction(body),
        log: () => undefined,
      }
      expect(await withdrawIfDamaged(deps(), id, input as never, { which: 'all' })).not.toBeNull()
      expect(await getVersion(db(), id)).toMatchObject({
        state: 'needs_attention',
        intact: false,
        state_reason: { code: 'integrity' },
      })
      expect((await listNotices(db(), { limit: 10, version: id })).items).toMatchObject([
        { kind: 'quarantined', details: { because: 'integrity', path: 'notes.txt', from: { state: 'published' } } },
      ])
    })
  },
  { shared: true },
)
