import { type Manifest, readManifest } from './manifest.ts'
import { bytesOf } from './stage.ts'

export type BackupSummary = Pick<Manifest, 'instant' | 'schema' | 'hubVersion' | 'lostBlobs' | 'inPlace' | 'audit'> & {
  target: string
  digest: string
  bytes: number
  blobs: number
  secretKey: Manifest['secretKey']['kept']
}

/** What a backup says of itself. Throws what `readManifest` throws. */
export async function summaryOf(target: string): Promise<BackupSummary> {
  const { manifest, digest } = await readManifest(target)
  const { instant, schema, hubVersion, lostBlobs, inPlace, audit } = manifest
  return {
    target,
    digest,
    instant,
    schema,
    hubVersion,
    bytes: bytesOf(manifest),
    blobs: manifest.blobs.length,
    secretKey: manifest.secretKey.kept,
    lostBlobs,
    inPlace,
    audit,
  }
}
