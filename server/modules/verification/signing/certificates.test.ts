import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, createPrivateKey, sign as signBytes, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/index.ts'
import { preAuthEncoding, type SignedFile, type Signer, verifySignature, writeStatement } from './index.ts'

const dayMs = 86_400_000
const has = spawnSync('openssl', ['version']).status === 0
if (!has) process.stderr.write('skipped: no openssl on this machine\n')

const files: SignedFile[] = [{ path: 'model.gguf', sha256: createHash('sha256').update('x').digest('hex') }]

describe.skipIf(!has)('a signature by a certificate', () => {
  const folder = temporaryFolder('certificates')
  afterAll(() => folder.remove())
  const at = (name: string) => join(folder.path, name)
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder.path, stdio: 'pipe' })
  const key = (name: string) => openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`)
  const authority = (name: string) => {
    key(name)
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      `${name}.key`,
      '-days',
      '30',
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.pem`,
      '-addext',
      'basicConstraints=critical,CA:TRUE',
    )
  }
  const issue = (name: string, by: string, extensions: string, days = '10') => {
    key(name)
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`)
    writeFileSync(at(`${name}.ext`), extensions)
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.pem`,
      '-CAkey',
      `${by}.key`,
      '-CAcreateserial',
      '-days',
      days,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    )
  }
  const signing =
    'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=codeSigning\nsubjectAltName=email:release@acme.example\n'
  beforeAll(() => {
    authority('root')
    authority('other')
    // Longer than what it issues, which is issued a second later now and then.
    issue('middle', 'root', 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n', '20')
    issue('leaf', 'middle', signing)
    issue('server', 'root', 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n')
    // The name of the real authority, and a key of its own.
    key('fake')
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      'fake.key',
      '-days',
      '30',
      '-subj',
      '/CN=root',
      '-out',
      'fake.pem',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
    )
    issue('forged', 'fake', signing)
    // Signed by a leaf, which may certify nobody.
    issue('below', 'leaf', signing)
  })
  const pem = (name: string) => readFileSync(at(`${name}.pem`), 'utf8')
  const bundleOf = (by: string, chain: readonly string[]) => {
    const payload = writeStatement('acme/model', files)
    const type = 'application/vnd.in-toto+json'
    const rawBytes = (name: string) => new X509Certificate(pem(name)).raw.toString('base64')
    const signature = signBytes(
      'sha256',
      preAuthEncoding(type, payload),
      createPrivateKey(readFileSync(at(`${by}.key`), 'utf8')),
    )
    return Buffer.from(
      JSON.stringify({
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          x509CertificateChain: { certificates: [by, ...chain].map((name) => ({ rawBytes: rawBytes(name) })) },
          tlogEntries: [],
        },
        dsseEnvelope: {
          payload: payload.toString('base64'),
          payloadType: type,
          signatures: [{ sig: signature.toString('base64'), keyid: '' }],
        },
      }),
    )
  }
  const check = (
    bundle: Buffer,
    more: Partial<Signer & { kind: 'certificate' }> = {},
    now = new Date(),
    roots = 'root',
  ) =>
    verifySignature(bundle, files, [], {
      signers: [
        { kind: 'certificate', name: 'Acme', material: pem(roots), identity: null, expiresAt: null, ...more } as Signer,
      ],
      trustedRoot: null,
      now,
    })

  test('that leads to a trusted one is verified, with the name in it and the day it ends', async () => {
    const found = await check(bundleOf('leaf', ['middle']))
    expect(found).toMatchObject({
      status: 'verified',
      method: 'certificate',
      signer: { name: 'Acme', identity: 'release@acme.example', issuer: 'CN=middle' },
    })
    expect(found.signer.expiresAt).toEqual(new X509Certificate(pem('leaf')).validToDate)
    expect((await check(bundleOf('leaf', ['middle']), { identity: 'release@acme.example' })).status).toBe('verified')
    expect((await check(bundleOf('leaf', []), {}, new Date(), 'middle')).status).toBe('verified')
  })

  test('that has ended, or has not begun, is by an expired signer', async () => {
    const later = await check(bundleOf('leaf', ['middle']), {}, new Date(Date.now() + 11 * dayMs))
    expect(later).toMatchObject({
      status: 'expired_signer',
      message: expect.stringMatching(/ended on \d{4}-\d\d-\d\d/) as string,
    })
    const before = await check(bundleOf('leaf', ['middle']), {}, new Date(Date.now() - 2 * dayMs))
    expect(before).toMatchObject({ status: 'expired_signer', message: expect.stringMatching(/valid from/) as string })
  })

  test.each<[string, () => Buffer, Partial<Signer & { kind: 'certificate' }>, string]>([
    ['of another authority', () => bundleOf('leaf', ['middle']), {}, 'other'],
    ['whose middle is missing', () => bundleOf('leaf', []), {}, 'root'],
    ['of an authority that only has the name', () => bundleOf('forged', ['fake']), {}, 'root'],
    ['made by a leaf', () => bundleOf('below', ['leaf', 'middle']), {}, 'root'],
    ['made for servers', () => bundleOf('server', []), {}, 'root'],
    ['of an authority itself', () => bundleOf('middle', []), {}, 'root'],
    ['of another person', () => bundleOf('leaf', ['middle']), { identity: 'somebody@acme.example' }, 'root'],
  ])('%s is by an unknown signer', async (_what, bundle, more, roots) => {
    expect(await check(bundle(), more, new Date(), roots)).toMatchObject({ status: 'unknown_signer' })
  })

  test('that names a trusted authority which has not signed it is told as that, with the attacker’s own authority in it or not', async () => {
    for (const chain of [['fake'], []]) {
      expect(await check(bundleOf('forged', chain))).toMatchObject({
        status: 'unknown_signer',
        message: expect.stringMatching(
          /it names CN=root as its issuer, whose key has not signed it: somebody else uses that name/,
        ) as string,
      })
    }
    expect((await check(bundleOf('leaf', ['middle']), {}, new Date(), 'other')).message).toMatch(
      /leads to none of the trusted ones/,
    )
  })

  test('whose key signed something else is wrong', async () => {
    const bundle = JSON.parse(bundleOf('leaf', ['middle']).toString()) as {
      dsseEnvelope: { signatures: { sig: string }[] }
    }
    const other = JSON.parse(bundleOf('server', []).toString()) as typeof bundle
    bundle.dsseEnvelope.signatures = other.dsseEnvelope.signatures
    expect((await check(Buffer.from(JSON.stringify(bundle)))).status).toBe('signature_wrong')
  })
})
