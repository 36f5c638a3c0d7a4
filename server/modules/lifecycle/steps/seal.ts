import { conflict, internal } from '../../../../kernel/index.ts'
import { manifestDigest, readFileRows } from '../../artifacts/index.ts'
import { getVersion, noteFilesVerified, patchVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { wasVerified } from './write-plan.ts'

/**
 * Computes the digest of the manifest: from here on the version has an identity. One that was verified before must come out as it
 * was; throws `conflict` when its files are others now, since evidence, approvals and callers mean the files that it had.
 */
export async function seal(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ digest: string }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  const digest = manifestDigest(
    rows.map(({ path, size, sha256 }) => {
      if (sha256 === null) throw internal('digest_missing', `${path} has no digest.`, 'Retry the version.')
      return { path, size, sha256 }
    }),
  )
  if (version.digest !== null && version.digest !== digest && wasVerified(version)) {
    await ctx.tx((trx) => patchVersion(trx, ctx.versionId, { intact: false }, deps.clock.date()))
    throw conflict(
      'integrity',
      'The files are not those of this version any more.',
      'Put the original files back and retry, or register the changed files as a new version.',
      { details: { digest: version.digest, found: digest } },
    )
  }
  const at = deps.clock.date()
  await ctx.tx(async (trx) => {
    await patchVersion(trx, ctx.versionId, { digest, intact: true }, at)
    // Another time digests may have been kept, and nothing read.
    if (version.digest === null || !version.intact) await noteFilesVerified(trx, ctx.versionId, at)
  })
  return { digest }
}
