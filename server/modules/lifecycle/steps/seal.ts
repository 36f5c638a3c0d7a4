import { internal } from '../../../../kernel/index.ts'
import { manifestDigest, readFileRows } from '../../artifacts/index.ts'
import { patchVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Computes the digest of the manifest: from here on the version has an identity. */
export async function seal(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ digest: string }> {
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  const digest = manifestDigest(
    rows.map(({ path, size, sha256 }) => {
      if (sha256 === null) throw internal('digest_missing', `${path} has no digest.`, 'Retry the version.')
      return { path, size, sha256 }
    }),
  )
  await ctx.tx((trx) => patchVersion(trx, ctx.versionId, { digest, intact: true }, deps.clock.date()))
  return { digest }
}
