import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type SignedFile, type Signer, verifySignature, writeStatement } from './index.ts'
import {
  createFakeSigstore,
  type FakeSigstore,
  type SigningRequest,
  type SigstoreDocument,
} from './testing/fake-sigstore.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const model: SignedFile[] = [
  { path: 'config.json', sha256: sha('{}') },
  { path: 'model.safetensors', sha256: sha('weights') },
]
const at = new Date('2026-03-01T12:00:00Z')
/** Long after the certificate, which lives for minutes, has ended. */
const now = new Date('2026-11-23T12:00:00Z')
const minutes = (count: number) => new Date(at.getTime() + count * 60_000)
const acme: Signer = {
  kind: 'sigstore',
  name: 'Acme',
  identity: 'https://acme.example/release',
  issuer: 'https://login.acme.example',
  expiresAt: null,
}
const sigstore = createFakeSigstore()
const payload = writeStatement('acme/model', model)
const signed = (over: Partial<SigningRequest> = {}, by: FakeSigstore = sigstore) => by.sign({ payload, at, ...over })
const check = (
  bundle: SigstoreDocument,
  {
    files = model,
    signers = [acme],
    root = sigstore.root(),
  }: { files?: readonly SignedFile[]; signers?: readonly Signer[]; root?: unknown } = {},
) =>
  verifySignature(Buffer.from(JSON.stringify(bundle)), files, [], {
    signers,
    trustedRoot: root === null ? null : JSON.stringify(root),
    now,
  })
const entryOf = (bundle: SigstoreDocument) => {
  const [entry] = bundle.verificationMaterial.tlogEntries
  if (entry === undefined) throw new Error('no entry')
  return entry
}
const bent = (change: (bundle: SigstoreDocument) => void, over: Partial<SigningRequest> = {}) => {
  const bundle = signed(over)
  change(bundle)
  return bundle
}
/** With the last digit of a base64 text another one. */
const flip = (text: string) => {
  const bytes = Buffer.from(text, 'base64')
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
  return bytes.toString('base64')
}

describe('a signature of Sigstore with a pinned trust root', () => {
  test('is verified offline, months after its certificate ended, with who signed, who says so and when', async () => {
    expect(await check(signed())).toEqual({
      status: 'verified',
      message: 'Signed by Acme: every file is the one that was signed.',
      remedy: null,
      method: 'sigstore',
      signer: { name: 'Acme', keyId: null, identity: acme.identity, issuer: acme.issuer, expiresAt: null },
      files: 2,
      signedAt: at,
    })
  })

  test('whose trust ended later than it was signed stays good; one that was signed afterwards is not', async () => {
    const until = (expiresAt: Date) => check(signed(), { signers: [{ ...acme, expiresAt }] })
    expect((await until(minutes(1))).status).toBe('verified')
    expect((await until(minutes(-1))).status).toBe('expired_signer')
  })

  test('with a time stamp is as old as that says, whatever time stands unsigned beside it', async () => {
    const stamped = (over: Partial<SigningRequest>, unsigned = -60) =>
      bent(
        (bundle) => {
          const entry = entryOf(bundle)
          delete entry.inclusionPromise
          // Nobody signs this: it may say what it likes.
          entry.integratedTime = String(minutes(unsigned).getTime() / 1_000)
        },
        { stampedAt: at, ...over },
      )
    const root = sigstore.root(true)
    for (const unsigned of [-60, 60]) {
      expect(await check(stamped({}, unsigned), { root })).toMatchObject({ status: 'verified', signedAt: at })
    }
    const ended = [{ ...acme, expiresAt: minutes(-1) }]
    expect(await check(stamped({}), { root, signers: ended })).toMatchObject({ status: 'expired_signer' })
    // A stamp of when the certificate was not in force, and one by an authority that is not pinned.
    expect((await check(stamped({ stampedAt: minutes(30) }), { root })).status).toBe('expired_signer')
    expect(await check(stamped({}))).toMatchObject({
      status: 'signature_wrong',
      message: expect.stringMatching(/timestamp could not be verified/) as string,
    })
  })

  test.each<[string, () => SigstoreDocument, string, RegExp]>([
    [
      'by a certificate that had ended when the log saw it',
      () => signed({ inForce: { from: minutes(-20), until: minutes(-10) } }),
      'expired_signer',
      /^The certificate of the signer was not in force when the files were signed\.$/,
    ],
    [
      'by a certificate that had not begun',
      () => signed({ inForce: { from: minutes(5), until: minutes(15) } }),
      'expired_signer',
      /was not in force/,
    ],
    [
      'of another identity',
      () => signed({ identity: 'https://mallory.example/release' }),
      'unknown_signer',
      /signed by https:\/\/mallory\.example\/release \(as https:\/\/login\.acme\.example says\), who is not trusted/,
    ],
    [
      'of the identity, as somebody else says',
      () => signed({ issuer: 'https://login.mallory.example' }),
      'unknown_signer',
      /as https:\/\/login\.mallory\.example says/,
    ],
    [
      'of another Sigstore with the same names',
      () => signed({}, sigstore.twin()),
      'unknown_signer',
      /certificate is none of the trusted Sigstore/,
    ],
    [
      'without an entry of the log',
      () => bent(({ verificationMaterial }) => void verificationMaterial.tlogEntries.splice(0)),
      'unknown_signer',
      /no certificate is trusted/,
    ],
    [
      'with a time that the log did not sign',
      () => bent((bundle) => void (entryOf(bundle).integratedTime = String(at.getTime() / 1_000 + 60))),
      'signature_wrong',
      /inclusion promise could not be verified/,
    ],
    [
      'with a promise that is not the log’s',
      () =>
        bent((bundle) => {
          const other = entryOf(signed({}, sigstore.twin()))
          if (other.inclusionPromise !== undefined) entryOf(bundle).inclusionPromise = other.inclusionPromise
        }),
      'signature_wrong',
      /inclusion promise could not be verified/,
    ],
    [
      'with an entry that another log signed',
      () => {
        const entry = entryOf(signed({}, sigstore.twin()))
        return bent(({ verificationMaterial }) => void (verificationMaterial.tlogEntries = [entry]))
      },
      'signature_wrong',
      /inclusion promise could not be verified/,
    ],
    [
      'with the log’s entry of another signature',
      () => {
        const entry = entryOf(signed())
        return bent(({ verificationMaterial }) => void (verificationMaterial.tlogEntries = [entry]))
      },
      'signature_wrong',
      /tlog entry signature mismatch/,
    ],
    [
      'with a changed byte of the signature',
      () => bent(({ dsseEnvelope: { signatures } }) => signatures.forEach((one) => (one.sig = flip(one.sig)))),
      'signature_wrong',
      /mismatch/,
    ],
    [
      'over another list of files than it was made for',
      () =>
        bent(({ dsseEnvelope }) => {
          dsseEnvelope.payload = writeStatement('acme/model', [...model].slice(1)).toString('base64')
        }),
      'signature_wrong',
      /payload hash mismatch/,
    ],
    [
      'by a certificate that the log of certificates has not seen',
      () => signed({ unseen: true }),
      'unknown_signer',
      /expected 1 SCTs, got 0/,
    ],
    [
      'with a state of the log that another one signed',
      () => {
        const { checkpoint } = entryOf(signed({}, sigstore.twin())).inclusionProof
        return bent((bundle) => void (entryOf(bundle).inclusionProof.checkpoint = checkpoint))
      },
      'signature_wrong',
      /invalid checkpoint signature/,
    ],
    [
      'with a certificate that was changed',
      () =>
        bent(({ verificationMaterial: { certificate } }) => {
          certificate.rawBytes = flip(certificate.rawBytes)
        }),
      'unknown_signer',
      /certificate/,
    ],
  ])('%s is refused in words of its own', async (_what, bundle, status, message) => {
    expect(await check(bundle())).toMatchObject({ status, message: expect.stringMatching(message) as string })
  })

  test('says which files are otherwise, as any other', async () => {
    const changed = model.map((file, i) => (i === 0 ? { ...file, sha256: sha('{ }') } : file))
    expect((await check(signed(), { files: changed })).status).toBe('changed_file')
    expect((await check(signed(), { files: model.slice(1) })).status).toBe('removed_file')
    expect((await check(signed(), { files: [...model, { path: 'x.py', sha256: sha('x') }] })).status).toBe('added_file')
  })

  test('cannot be verified without a trust root, or with one that cannot be read, and is told so', async () => {
    expect(await check(signed(), { root: null })).toMatchObject({ status: 'not_verifiable' })
    expect(await check(signed(), { root: { mediaType: 'x' } })).toMatchObject({
      status: 'not_verifiable',
      message: expect.stringMatching(/trust root of Sigstore cannot be used/) as string,
    })
    // One without a log proves no time, and no certificate of minutes is believed without.
    const empty = { ...sigstore.root(), tlogs: [] }
    expect((await check(signed(), { root: empty })).status).toBe('signature_wrong')
  })

  test('a changed byte anywhere in what proves something is refused', async () => {
    const bundle = signed()
    const entry = entryOf(bundle)
    const text = JSON.stringify(bundle)
    const parts = [
      entry.canonicalizedBody,
      entry.inclusionPromise?.signedEntryTimestamp ?? '',
      entry.logId.keyId,
      // All that is signed of it: the name of the algorithm stands there twice, and only the first is.
      bundle.verificationMaterial.certificate.rawBytes.slice(0, -140),
      bundle.dsseEnvelope.payload,
      ...bundle.dsseEnvelope.signatures.map(({ sig }) => sig),
    ]
    for (const part of parts) {
      const start = text.indexOf(part)
      for (let i = 0; i < 15; i += 1) {
        // Not the last letters, of which some stand for no byte.
        const place = start + Math.floor((i * (part.length - 4)) / 15)
        const changed = `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`
        expect((await check(JSON.parse(changed) as SigstoreDocument)).status, `at ${place}`).not.toBe('verified')
      }
    }
  })
})
