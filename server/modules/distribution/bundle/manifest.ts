import * as z from 'zod'
import { EndpointKind, Instant, LicenseSummary, Metadata, ModelName } from '../../../../contract/index.ts'
import { invalid } from '../../../../kernel/index.ts'
import { fingerprintOfKey, isSignedBy } from '../../../platform/signing-key.ts'
import { manifestDigest } from '../../artifacts/index.ts'
import { isSafePath } from '../../sources/index.ts'

// A bundle is a tar file: `bundle.json` (this manifest), `bundle.sig` (the signature over the bytes of it), then the files in the order
// of the manifest below `files/`. Nothing else is in it, so that every byte is either signed or has its digest in what is signed.

export const bundleFormat = 'modelhub-bundle/1'
/** What the key signs: a signature of something else cannot stand here. */
export const bundlePurpose = 'modelhub bundle 1'
export const manifestName = 'bundle.json'
export const signatureName = 'bundle.sig'
export const filesFolder = 'files/'
/** Of the manifest, in bytes: it is read whole before anything of it is believed. */
export const mostManifestBytes = 64 * 2 ** 20
const mostFiles = 100_000

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const BundleManifest = z.object({
  format: z.literal(bundleFormat),
  createdAt: Instant,
  hubVersion: z.string().max(100),
  model: z.object({
    name: ModelName,
    description: z.string().max(10_000),
    tags: z.array(z.string().max(64)).max(50),
    modality: z.string().max(50).nullable(),
  }),
  version: z.object({
    id: z.string().max(100),
    number: z.int().min(1),
    state: z.string().max(50),
    digest: Sha256,
    verdict: z.string().max(50).nullable(),
    source: z.object({ type: z.string().max(50), address: z.string().max(10_000).nullable() }),
    metadata: Metadata,
    tasks: z.array(z.string().max(200)).max(100),
    endpoints: z.array(EndpointKind.or(z.string().max(100))).max(100),
  }),
  license: LicenseSummary.nullable(),
  /** What the giving hub measured and found, in its own words: for people, never taken for the evidence of another hub. */
  evidence: z.record(z.string().max(50), z.unknown()),
  /** The signature over the files, in the form that other programs verify; null: it was not published. Absent from older hubs. */
  signature: z.record(z.string(), z.unknown()).nullish(),
  files: z
    .array(z.object({ path: z.string().max(1_024), size: z.int().min(0), sha256: Sha256 }))
    .min(1)
    .max(mostFiles),
  key: z.object({ algorithm: z.literal('ed25519'), publicKey: z.base64().max(100), fingerprint: Sha256 }),
})
export type BundleManifest = z.infer<typeof BundleManifest>

/**
 * The manifest, once its signature is that of the key it names, its files are named as files can be, and they make up the digest it
 * states. Whether the key is to be trusted is another question.
 * @throws invalid `bundle_invalid`, `bundle_signature_wrong`
 */
export function readManifest(bytes: Buffer, signature: Buffer): BundleManifest {
  const manifest = parse(bytes)
  const publicKey = Buffer.from(manifest.key.publicKey, 'base64')
  const named = fingerprintOfKey(publicKey) === manifest.key.fingerprint
  if (!named || !isSignedBy(publicKey, bundlePurpose, bytes, Buffer.from(signature.toString('utf8'), 'base64'))) {
    throw invalid(
      'bundle_signature_wrong',
      'The bundle is not signed by the key that it names, or was changed since.',
      'Get it again from the hub that made it.',
    )
  }
  const paths = new Set<string>()
  const folders = new Set<string>()
  for (const { path } of manifest.files) {
    if (!isSafePath(path)) throw broken('one of its file names is none that every system takes')
    if (paths.has(path)) throw broken('it names a file twice')
    paths.add(path)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at))
  }
  for (const folder of folders) if (paths.has(folder)) throw broken('one of its files has the name of a folder')
  if (manifestDigest(manifest.files) !== manifest.version.digest) throw broken('its files do not make up its digest')
  return manifest
}

/** The refusal of a bundle; `why` is the end of a sentence. */
export const broken = (why: string, cause?: unknown) =>
  invalid(
    'bundle_invalid',
    `This is no bundle of a hub: ${why}.`,
    'Get it again from the hub that made it.',
    cause === undefined ? undefined : { cause },
  )

function parse(bytes: Buffer): BundleManifest {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return BundleManifest.parse(JSON.parse(text))
  } catch (cause) {
    throw broken('its manifest cannot be read', cause)
  }
}
