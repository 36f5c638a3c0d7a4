import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { invalid, messageOf } from '../../kernel/index.ts'
import {
  isSignatureFile,
  mostBundleBytes,
  mostRootBytes,
  readCertificates,
  readPublicKey,
  type Signer,
  verifySignature,
} from '../../server/modules/verification/signing/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { pairs } from '../text/table.ts'
import { count } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'
import { hashModel } from '../verify/read-model.ts'

const mostPemBytes = 1024 * 1024

export const verify = defineCommand({
  name: 'verify',
  summary: 'Check that a folder holds exactly the files that a trusted signer signed, without a hub',
  args: ['<path>'],
  options: {
    signature: { type: 'string', value: 'FILE', description: 'Sigstore bundle (default: model.sig in the folder)' },
    key: { type: 'string', multiple: true, value: 'FILE', description: 'Public key in PEM that is trusted' },
    cert: { type: 'string', multiple: true, value: 'FILE', description: 'Certificates in PEM that chains must end in' },
    'trust-root': { type: 'string', value: 'FILE', description: 'trusted_root.json of a Sigstore' },
    identity: { type: 'string', value: 'NAME', description: 'With --cert or --trust-root: who must have signed' },
    issuer: { type: 'string', value: 'URL', description: 'With --trust-root: who must have said so' },
  },
  notes: [
    'Reads signatures of OpenSSF Model Signing v1.0: by a key, by a certificate, and of Sigstore with a pinned trust root.',
    'Exit code: 0 verified, 1 not verified, 3 wrong use.',
  ],
  routes: [],
  run: async (ctx, { values, positionals }) => {
    const root = resolve(ctx.folder, positionals[0] ?? '')
    const at = (file: string) => resolve(ctx.folder, file)
    const signers: Signer[] = []
    for (const file of values.key ?? []) {
      const material = await readText(at(file), mostPemBytes)
      check(file, () => readPublicKey(material))
      signers.push({ kind: 'key', name: basename(file), material, expiresAt: null })
    }
    for (const file of values.cert ?? []) {
      const material = await readText(at(file), mostPemBytes)
      check(file, () => readCertificates(material))
      signers.push({
        kind: 'certificate',
        name: basename(file),
        material,
        identity: values.identity ?? null,
        expiresAt: null,
      })
    }
    const rootFile = values['trust-root']
    if (rootFile !== undefined) {
      const { identity, issuer } = values
      if (identity === undefined || issuer === undefined) {
        throw wrongUse('--trust-root needs --identity and --issuer: everybody can sign with Sigstore.')
      }
      signers.push({ kind: 'sigstore', name: identity, identity, issuer, expiresAt: null })
    }
    if (signers.length === 0) throw wrongUse('Who is trusted? Give --key, --cert or --trust-root.')
    const signatureFile = values.signature === undefined ? await findSignature(root) : at(values.signature)
    const bundle = Buffer.from(await readText(signatureFile, mostBundleBytes))
    const signal = ctx.signal()
    const shows = ctx.terminal.error && ctx.flags.progress && !ctx.flags.json
    const files = await hashModel(root, (path) => void (shows && ctx.draw(`\r\u001b[2K${path}`)), signal)
    if (shows) ctx.draw('\r\u001b[2K')
    const own = [relative(root, signatureFile), ...files.map(({ path }) => path).filter(isSignatureFile)]
    const trustedRoot = rootFile === undefined ? null : await readText(at(rootFile), mostRootBytes)
    const result = await verifySignature(bundle, files, own, { signers, trustedRoot, now: ctx.clock.date() })
    if (ctx.flags.json) ctx.json(result)
    else {
      ctx.line(
        pairs([
          [result.status.replaceAll('_', ' '), result.message],
          ['what to do', result.remedy],
          ['files', result.files === null ? null : `${count(result.files, 'file')} signed, ${files.length} here`],
          ['method', result.method],
          ['signer', result.signer.name],
          ['key', result.signer.keyId],
          ['identity', result.signer.identity],
          ['issuer', result.signer.issuer],
          ['signed at', result.signedAt?.toISOString() ?? null],
        ]),
      )
    }
    return result.status === 'verified' ? exitCodes.ok : exitCodes.refused
  },
})

async function findSignature(root: string): Promise<string> {
  const file = join(root, 'model.sig')
  if (existsSync(file)) return file
  throw wrongUse('There is no model.sig in the folder.', 'Give the signature with --signature.')
}

async function readText(file: string, most: number): Promise<string> {
  try {
    if ((await stat(file)).size > most) throw new Error(`it has more than ${most} bytes`)
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw invalid('file_unreadable', `${file} cannot be read: ${messageOf(cause)}.`, 'Check the name.', { cause })
  }
}

function check(file: string, read: () => unknown): void {
  try {
    read()
  } catch (cause) {
    throw invalid('file_unreadable', `${file} cannot be used: ${messageOf(cause)}.`, 'Give it as PEM.', { cause })
  }
}
