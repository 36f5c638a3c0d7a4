import { createHash, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  keyIdOf,
  type SignedFile,
  type Signer,
  type Trust,
  verifySignature,
  writeBundle,
  writeStatement,
} from './index.ts'
import { matches } from './verify-signature.ts'

const now = new Date('2026-06-01T00:00:00Z')
const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const model: SignedFile[] = [
  { path: 'config.json', sha256: sha('{}') },
  { path: 'weights/model.safetensors', sha256: sha('weights') },
  { path: 'README.md', sha256: sha('# A model') },
]

const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString()
const newKey = (namedCurve = 'prime256v1') => generateKeyPairSync('ec', { namedCurve })
const ours = newKey()
const keyId = keyIdOf(ours.publicKey)
const signed = (
  files: readonly SignedFile[] = model,
  { privateKey } = ours,
  hint = keyId,
  digest: string | null = 'sha256',
) => writeBundle(writeStatement('acme/model', files), hint, (bytes) => signBytes(digest, bytes, privateKey))
const bytesOf = (bundle: unknown) => Buffer.from(JSON.stringify(bundle))
const signer = (key: KeyObject = ours.publicKey, more: Partial<Signer> = {}): Signer =>
  ({ kind: 'key', name: 'Acme', material: pem(key), expiresAt: null, ...more }) as Signer
const trust = (signers: readonly Signer[] = [signer()], more: Partial<Trust> = {}): Trust => ({
  signers,
  trustedRoot: null,
  now,
  ...more,
})
const check = (bundle: unknown = signed(), files = model, by = trust(), own: string[] = []) =>
  verifySignature(bytesOf(bundle), files, own, by)
type Loose = {
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string }[] }
  [key: string]: unknown
}
type Payload = {
  predicate: { resources: { name: string; algorithm: string }[]; serialization: { method: string } }
  [key: string]: unknown
}
const payloadOf = (bundle: unknown) =>
  JSON.parse(Buffer.from((bundle as Loose).dsseEnvelope.payload, 'base64').toString()) as Payload

describe('a signature by a key', () => {
  test('of the same files, by who is trusted, is verified, whatever the order of the files', async () => {
    expect(await check(signed(), [...model].reverse())).toEqual({
      status: 'verified',
      message: 'Signed by Acme: every file is the one that was signed.',
      remedy: null,
      method: 'key',
      signer: { name: 'Acme', keyId, identity: null, issuer: null, expiresAt: null },
      files: 3,
      signedAt: null,
    })
  })

  test('is the document that the format asks for: files in order, a subject over their digests, the type of DSSE', () => {
    const bundle = signed([...model, { path: '.gitattributes', sha256: sha('x') }])
    expect(bundle).toMatchObject({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: keyId }, tlogEntries: [] },
      dsseEnvelope: { payloadType: 'application/vnd.in-toto+json', signatures: [{ keyid: '' }] },
    })
    const names = ['README.md', 'config.json', 'weights/model.safetensors']
    const digests = names.map((name) => model.find(({ path }) => path === name)?.sha256 ?? '')
    expect(payloadOf(bundle)).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        {
          name: 'acme/model',
          digest: {
            sha256: createHash('sha256')
              .update(Buffer.from(digests.join(''), 'hex'))
              .digest('hex'),
          },
        },
      ],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: {
        serialization: {
          method: 'files',
          hash_type: 'sha256',
          allow_symlinks: false,
          ignore_paths: ['.git', '.gitattributes', '.github', '.gitignore'],
        },
        resources: names.map((name, i) => ({ name, algorithm: 'sha256', digest: digests[i] })),
      },
    })
  })

  test.each([
    [
      'a changed byte',
      model.map((file, i) => (i === 1 ? { ...file, sha256: sha('Weights') } : file)),
      'changed_file',
      /^weights\/model\.safetensors has other bytes/,
    ],
    ['a removed file', model.slice(1), 'removed_file', /^config\.json was signed and is not here/],
    [
      'an added file',
      [...model, { path: 'evil.py', sha256: sha('x') }],
      'added_file',
      /^evil\.py is here and was not signed/,
    ],
    [
      'a renamed file',
      model.map((file, i) => (i === 0 ? { ...file, path: 'Config.json' } : file)),
      'removed_file',
      /^config\.json/,
    ],
  ])('%s is refused in words of its own', async (_what, files, status, message) => {
    const found = await check(signed(), files)
    expect(found).toMatchObject({ status, message: expect.stringMatching(message) as string, signer: { name: 'Acme' } })
    expect(found.remedy).not.toBe('')
  })

  test('files that hold signatures, and those that the signer left out, are no added files; what only looks like them is', async () => {
    const more = ['model.sig', '.gitattributes', '.git/config'].map((path) => ({ path, sha256: sha(path) }))
    expect((await check(signed(), [...model, ...more], trust(), ['model.sig'])).status).toBe('verified')
    expect((await check(signed(), [...model, ...more])).message).toMatch(/^model\.sig is here/)
    expect((await check(signed(), [...model, { path: '.gitattributes.py', sha256: sha('x') }])).status).toBe(
      'added_file',
    )
  })

  test('of somebody else is by an unknown signer, also under the name of a key that is trusted', async () => {
    const other = newKey()
    expect(await check(signed(model, other, keyIdOf(other.publicKey)))).toMatchObject({
      status: 'unknown_signer',
      signer: { name: null, keyId: keyIdOf(other.publicKey) },
    })
    expect(await check(signed(), model, trust([]))).toMatchObject({ status: 'unknown_signer' })
    expect(await check(signed(model, other, keyId))).toMatchObject({ status: 'signature_wrong', signer: { keyId } })
  })

  test('is found without a hint, and with one that the signer made up', async () => {
    for (const hint of ['', 'the key of Acme']) expect((await check(signed(model, ours, hint))).status).toBe('verified')
  })

  test('by somebody whose trust has ended is refused, and so is one for another source', async () => {
    const ended = signer(ours.publicKey, { expiresAt: new Date(now.getTime() - 1) })
    expect(await check(signed(), model, trust([ended]))).toMatchObject({
      status: 'expired_signer',
      message: expect.stringMatching(/Acme is trusted until 2026-05-31 only/) as string,
    })
    const limited = [signer(ours.publicKey, { sources: ['huggingface:acme/*'] })]
    const from = (source: string) => check(signed(), model, trust(limited, { source }))
    expect((await from('huggingface:Acme/model')).status).toBe('verified')
    expect((await from('huggingface:mallory/model')).status).toBe('signer_not_allowed')
    // Trusted twice: the trust that fits counts, wherever it stands.
    const twice = [ended, ...limited, signer(ours.publicKey, { sources: ['huggingface:mallory/*'] })]
    const second = await check(signed(), model, trust(twice, { source: 'huggingface:mallory/model' }))
    expect(second.status).toBe('verified')
  })

  test.each(['secp384r1', 'secp521r1'])('by a key on %s', async (curve) => {
    const key = newKey(curve)
    const digest = curve === 'secp384r1' ? 'sha384' : 'sha512'
    const bundle = signed(model, key, keyIdOf(key.publicKey), digest)
    expect((await check(bundle, model, trust([signer(key.publicKey)]))).status).toBe('verified')
    const weak = signed(model, key, keyIdOf(key.publicKey), 'sha256')
    expect((await check(weak, model, trust([signer(key.publicKey)]))).status).toBe('signature_wrong')
  })

  test('by a key of Ed25519', async () => {
    const key = generateKeyPairSync('ed25519')
    const bundle = signed(model, key, keyIdOf(key.publicKey), null)
    expect((await check(bundle, model, trust([signer(key.publicKey)]))).status).toBe('verified')
  })
})

describe('what is no signature', () => {
  const bent = (change: (bundle: Loose) => void) => {
    const bundle = structuredClone(signed()) as Loose
    change(bundle)
    return bundle
  }
  const restated = (change: (payload: Payload) => void) => {
    const payload = payloadOf(signed())
    change(payload)
    return writeBundle(Buffer.from(JSON.stringify(payload)), keyId, (bytes) =>
      signBytes('sha256', bytes, ours.privateKey),
    )
  }

  test.each<[string, unknown]>([
    ['a list', []],
    ['another document', { hello: 'world' }],
    ['another media type', bent((bundle) => void (bundle['mediaType'] = 'application/json'))],
    ['another payload type', bent(({ dsseEnvelope }) => void (dsseEnvelope.payloadType = 'text/plain'))],
    ['two signatures', bent(({ dsseEnvelope: { signatures } }) => void signatures.push(...signatures))],
    ['no signature', bent(({ dsseEnvelope: { signatures } }) => void signatures.pop())],
    [
      'another kind of statement',
      restated((payload) => void Object.assign(payload, { predicateType: 'https://slsa.dev/provenance/v1' })),
    ],
    ['no files', restated(({ predicate }) => void (predicate.resources = []))],
    ['a file twice', restated(({ predicate: { resources } }) => void resources.push(...resources.slice(0, 1)))],
    ['a subject over other files', restated(({ predicate: { resources } }) => void resources.pop())],
    [
      'digests of another kind',
      restated(({ predicate: { resources } }) => {
        for (const one of resources) one.algorithm = 'blake3'
      }),
    ],
    ['shards', restated(({ predicate }) => void (predicate.serialization.method = 'shards'))],
  ])('%s is malformed', async (_what, bundle) => {
    const found = await check(bundle)
    expect(found).toMatchObject({
      status: 'malformed',
      files: null,
      message: expect.stringMatching(/^The signature cannot be read: /) as string,
    })
  })

  test('bytes that are no text, and nothing at all', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('{')]) {
      expect((await verifySignature(bytes, model, [], trust())).status).toBe('malformed')
    }
  })

  test('any changed byte of the envelope is never verified', async () => {
    const text = JSON.stringify(signed())
    const { payload, signatures } = (signed() as Loose).dsseEnvelope
    const places = [text.indexOf(payload), text.indexOf(signatures[0]?.sig ?? '')].flatMap((start) =>
      Array.from({ length: 40 }, (_, i) => start + i),
    )
    for (const at of places) {
      const letter = text[at] === 'A' ? 'B' : 'A'
      const found = await verifySignature(
        Buffer.from(`${text.slice(0, at)}${letter}${text.slice(at + 1)}`),
        model,
        [],
        trust(),
      )
      expect(found.status, `at ${at}`).not.toBe('verified')
    }
  })
})

test.each([
  ['*', 'anything', true],
  ['huggingface:*', 'huggingface:a/b', true],
  ['huggingface:nvidia/*', 'huggingface:nvidia-evil/x', false],
  ['url:https://*.acme.example/*', 'url:https://models.acme.example/m.gguf', true],
  ['url:https://*.acme.example/*', 'url:https://evil.example/?.acme.example', false],
  ['a*b*c', 'a-b-b-c', true],
  ['ab*bc', 'abc', false],
])('the pattern %s and %s: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})
