import { scannerVersion } from '../../../../scanner/index.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { patchVersion } from '../../catalog/index.ts'
import { assessLicense, isLicenseFile, saveLicense } from '../../license/index.ts'
import { readFacts } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { readCard } from '../files/read-card.ts'
import { readText } from '../files/read-text.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Records the license tag of card or header and the license file. */
export async function license(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ status: string; label: string }> {
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  const cardRow = rows.find((row) => /^readme\.md$/i.test(row.path))
  const cardText = cardRow === undefined ? null : await readText(deps, cardRow)
  const fileRow = rows.find((row) => isLicenseFile(row.path))
  const fileText = fileRow === undefined ? null : await readText(deps, fileRow)
  const header = await headerLicense(deps, rows)
  const assessed = assessLicense({
    cardTag: cardText === null ? null : readCard(cardText).license,
    cardPath: cardRow?.path ?? null,
    headerTag: header?.tag ?? null,
    headerPath: header?.path ?? null,
    file:
      fileRow?.sha256 == null || fileText === null
        ? null
        : { path: fileRow.path, sha256: fileRow.sha256, text: fileText },
  })
  await ctx.tx(async (trx) => {
    await saveLicense(trx, {
      version_id: ctx.versionId,
      status: assessed.summary.status,
      tag: assessed.summary.tag,
      tag_source: assessed.tagSource,
      file: assessed.summary.file,
      file_sha256: assessed.fileSha256,
      label: assessed.summary.label,
      text: assessed.text,
      at: deps.clock.date(),
    })
    await patchVersion(trx, ctx.versionId, { license: assessed.summary }, deps.clock.date())
  })
  return { status: assessed.summary.status, label: assessed.summary.label }
}

async function headerLicense(
  deps: LifecycleDeps,
  rows: Awaited<ReturnType<typeof readFileRows>>,
): Promise<{ tag: string; path: string } | null> {
  const weights = rows.filter((row) => row.format === 'gguf')
  const facts = await readFacts(
    deps.database.db,
    weights.flatMap((row) => row.sha256 ?? []),
    scannerVersion,
  )
  for (const row of weights) {
    const header = facts.get(row.sha256 ?? '')?.facts.header as { license?: unknown } | undefined
    if (typeof header?.license === 'string' && header.license !== '') return { tag: header.license, path: row.path }
  }
  return null
}
