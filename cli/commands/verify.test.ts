import { spawnSync } from 'node:child_process'
import { createHash, sign as signBytes } from 'node:crypto'
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { preAuthEncoding, writeBundle, writeStatement } from '../../server/modules/verification/signing/index.ts'
import {
  certificateFor,
  createFakeSigstore,
  decade,
} from '../../server/modules/verification/signing/testing/fake-sigstore.ts'
import { loadSigningKey } from '../../server/platform/signing-key.ts'
import { temporaryFolder } from '../../test/support/index.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const folder = temporaryFolder('verify')
afterAll(() => folder.remove())
const at = (...names: string[]) => join(folder.path, ...names)
const files = { 'config.json': '{}', 'weights/model.bin': 'weights' }
const listed = Object.entries(files).map(([path, text]) => ({
  path,
  sha256: createHash('sha256').update(text).digest('hex'),
}))
const statement = writeStatement('acme/model', listed)

beforeAll(async () => {
  const { models } = await loadSigningKey(folder.path)
  mkdirSync(at('model', 'weights'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(at('model', name), text)
  const bundle = writeBundle(statement, models.keyId, models.sign)
  writeFileSync(at('model', 'model.sig'), JSON.stringify(bundle))
  writeFileSync(at('hub.pem'), models.publicKey)
  mkdirSync(at('other'))
  writeFileSync(at('other.pem'), (await loadSigningKey(at('other'))).models.publicKey)
})

const run = (...args: string[]) => {
  // No hub and no setting of one: the signature, the key and the files are all there is.
  const done = spawnSync(process.execPath, [main, 'verify', ...args], {
    encoding: 'utf8',
    cwd: folder.path,
    env: { PATH: process.env['PATH'] ?? '' },
    timeout: 30_000,
  })
  return { code: done.status, text: `${done.stdout}${done.stderr}` }
}
const copy = (name: string, change: (root: string) => void) => {
  cpSync(at('model'), at(name), { recursive: true })
  change(at(name))
  return at(name)
}

test('a model that a hub signed is verified without it', () => {
  const done = run('model', '--key', 'hub.pem', '--json')
  expect(done.code, done.text).toBe(0)
  expect(JSON.parse(done.text)).toMatchObject({ status: 'verified', method: 'key', files: 2 })
})

test.each<[string, (root: string) => void, string]>([
  [
    'a changed byte',
    (root) => writeFileSync(join(root, 'weights/model.bin'), 'Weights'),
    'changed file  weights/model.bin has other bytes than those that were signed.',
  ],
  [
    'a removed file',
    (root) => rmSync(join(root, 'config.json')),
    'removed file  config.json was signed and is not here.',
  ],
  [
    'an added file',
    (root) => writeFileSync(join(root, 'evil.py'), 'x'),
    'added file  evil.py is here and was not signed.',
  ],
  ['a torn signature', (root) => writeFileSync(join(root, 'model.sig'), '{'), 'malformed'],
  ['a link', (root) => symlinkSync('config.json', join(root, 'link.json')), 'link.json is a link'],
])('%s is refused', (what, change, said) => {
  const done = run(copy(what.replaceAll(' ', '-'), change), '--key', 'hub.pem')
  expect(done.code, done.text).toBe(1)
  expect(done.text.replaceAll(/ {2,}/g, '  ')).toContain(said)
})

describe('--cert', () => {
  const minute = 60_000
  const asPem = (der: Buffer) => `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
  /** The model, signed by a certificate of its own authority. */
  const signedBy = (name: string, period = decade) => {
    const { leaf, privateKey, root } = certificateFor('mailto:release@acme.example', period)
    const bundle = {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { certificate: { rawBytes: leaf.toString('base64') }, tlogEntries: [] },
      dsseEnvelope: {
        payload: statement.toString('base64'),
        payloadType: 'application/vnd.in-toto+json',
        signatures: [
          {
            sig: signBytes('sha256', preAuthEncoding('application/vnd.in-toto+json', statement), privateKey).toString(
              'base64',
            ),
            keyid: '',
          },
        ],
      },
    }
    writeFileSync(at(`${name}.pem`), asPem(root))
    return copy(name, (folder) => writeFileSync(join(folder, 'model.sig'), JSON.stringify(bundle)))
  }

  test('a chain that ends in it is verified; of another person, or of an authority that only has the name, it is not', () => {
    const signed = signedBy('certified')
    const done = run(signed, '--cert', 'certified.pem', '--json')
    expect(done.code, done.text).toBe(0)
    expect(JSON.parse(done.text)).toMatchObject({
      status: 'verified',
      method: 'certificate',
      signer: { name: 'certified.pem', identity: 'mailto:release@acme.example', issuer: 'CN=acme-sigstore' },
    })
    expect(run(signed, '--cert', 'certified.pem', '--identity', 'mailto:release@acme.example').code).toBe(0)
    const other = run(signed, '--cert', 'certified.pem', '--identity', 'mailto:mallory@acme.example')
    expect(other.code).toBe(1)
    expect(other.text).toMatch(
      /unknown signer .*its certificate is that of mailto:release@acme\.example, not of mailto:mallory@acme\.example/,
    )
    // Mallory’s own authority, with the name of the trusted one: it is the key that counts.
    const forged = run(signedBy('forged'), '--cert', 'certified.pem')
    expect(forged.code).toBe(1)
    expect(forged.text).toMatch(
      /unknown signer .*it names CN=acme-sigstore as its issuer, whose key has not signed it: somebody else uses that name/,
    )
  })

  test('one that has ended is an expired signer', () => {
    const now = Date.now()
    const ended = signedBy('ended', { from: new Date(now - 60 * minute), until: new Date(now - minute) })
    const done = run(ended, '--cert', 'ended.pem')
    expect(done.code, done.text).toBe(1)
    expect(done.text).toMatch(/expired signer .*its certificate ended on \d{4}-\d\d-\d\d, and nothing proves when/)
  })

  test('what is none cannot be used', () => {
    const done = run('model', '--cert', 'hub.pem')
    expect([done.code, done.text]).toEqual([1, expect.stringContaining('it holds no certificate in PEM') as string])
  })
})

describe('--trust-root', () => {
  const sigstore = createFakeSigstore()
  const identity = 'https://acme.example/release'
  const issuer = 'https://login.acme.example'
  const whom = ['--identity', identity, '--issuer', issuer]
  beforeAll(() => {
    writeFileSync(at('root.json'), JSON.stringify(sigstore.root()))
    writeFileSync(at('twin.json'), JSON.stringify(sigstore.twin().root()))
    const bundle = sigstore.sign({ payload: statement, at: new Date('2026-03-01T12:00:00Z') })
    copy('logged', (folder) => writeFileSync(join(folder, 'model.sig'), JSON.stringify(bundle)))
  })

  test('a signature of that Sigstore by that identity is verified, without a network', () => {
    const done = run('logged', '--trust-root', 'root.json', ...whom, '--json')
    expect(done.code, done.text).toBe(0)
    expect(JSON.parse(done.text)).toMatchObject({
      status: 'verified',
      method: 'sigstore',
      signer: { identity, issuer },
      signedAt: '2026-03-01T12:00:00.000Z',
    })
  })

  test('of another identity, another issuer and another Sigstore is refused, each in its words', () => {
    const other = run('logged', '--trust-root', 'root.json', '--identity', 'x', '--issuer', issuer)
    expect([other.code, other.text]).toEqual([
      1,
      expect.stringMatching(/unknown signer .*who is not trusted/) as string,
    ])
    expect(run('logged', '--trust-root', 'root.json', '--identity', identity, '--issuer', 'x').code).toBe(1)
    const twin = run('logged', '--trust-root', 'twin.json', ...whom)
    expect([twin.code, twin.text]).toEqual([1, expect.stringContaining('none of the trusted Sigstore') as string])
    expect(run('logged', '--key', 'hub.pem').text).toMatch(/not verifiable .*there is no trust root/)
  })

  test('needs to know whom, and a file that is one', () => {
    expect(run('logged', '--trust-root', 'root.json').code).toBe(3)
    const none = run('logged', '--trust-root', 'hub.pem', ...whom)
    expect([none.code, none.text]).toEqual([1, expect.stringContaining('cannot be used') as string])
    const gone = run('logged', '--trust-root', 'nowhere.json', ...whom)
    expect([gone.code, gone.text]).toEqual([1, expect.stringContaining('cannot be read') as string])
  })
})

test('another key is an unknown signer; nobody trusted and no signature are wrong use', () => {
  const done = run('model', '--key', 'other.pem')
  expect(done).toMatchObject({ code: 1, text: expect.stringContaining('unknown signer') as string })
  expect(run('model').code).toBe(3)
  expect(run('other', '--key', 'hub.pem').code).toBe(3)
})
