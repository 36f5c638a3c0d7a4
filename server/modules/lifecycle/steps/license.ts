import { scannerVersion } from '../../../../scanner/index.ts'
import { readFileRows } from '../../artifacts/index.ts'
import {
  accompaniesLicense,
  byRelevance,
  isLicenseFile,
  type LicenseEvidence,
  loadMatcher,
  saysOrLater,
  storeAssessment,
} from '../../license/index.ts'
import { readFacts } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { readCard } from '../files/read-card.ts'
import { readText } from '../files/read-text.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** License files that are read at most. */
const maxFiles = 8

/** Reads what card, header and license files say, and judges it. */
export async function license(deps: LifecycleDeps, ctx: OnboardContext): Promise<{ status: string; label: string }> {
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  const cardRow = rows.find((row) => /^readme\.md$/i.test(row.path))
  const cardText = cardRow === undefined ? null : await readText(deps, cardRow)
  const card = cardText === null ? null : readCard(cardText)
  const header = await headerLicense(deps, rows)
  const matcher = await loadMatcher()
  const texts: { path: string; sha256: string; text: string }[] = []
  const chosen = rows
    .filter((row) => isLicenseFile(row.path))
    .sort((a, b) => byRelevance(a.path, b.path))
    .slice(0, maxFiles)
  for (const row of chosen) {
    const text = row.sha256 === null ? null : await readText(deps, row)
    if (row.sha256 !== null && text !== null) texts.push({ path: row.path, sha256: row.sha256, text })
  }
  const [main, ...others] = texts
  const evidence: LicenseEvidence = {
    cardTag: card?.license ?? null,
    cardPath: cardRow?.path ?? null,
    cardName: card?.licenseName ?? null,
    cardLink: card?.licenseLink ?? null,
    headerTag: header?.tag ?? null,
    headerPath: header?.path ?? null,
    laterNotice: cardText !== null && saysOrLater(cardText),
    otherFiles: [
      ...others.map(({ path, text }) => {
        const { id, status } = matcher(text)
        return { path, licenseId: id, status }
      }),
      ...rows
        .filter((row) => accompaniesLicense(row.path))
        .slice(0, maxFiles)
        .map(({ path }) => ({ path, licenseId: null, status: 'unknown' as const })),
    ],
    baseModels: card?.baseModels ?? [],
  }
  return ctx.tx(async (trx) => {
    const { assessed } = await storeAssessment(deps, trx, matcher, ctx.versionId, {
      file: main?.path ?? null,
      file_sha256: main?.sha256 ?? null,
      text: main?.text ?? null,
      evidence,
    })
    return { status: assessed.summary.status, label: assessed.summary.label }
  })
}

async function headerLicense(
  deps: LifecycleDeps,
  rows: Awaited<ReturnType<typeof readFileRows>>,
): Promise<{ tag: string; path: string } | null> {
  const weights = rows.filter((row) => row.format === 'gguf' || row.format === 'safetensors')
  const facts = await readFacts(
    deps.database.db,
    weights.flatMap((row) => row.sha256 ?? []),
    scannerVersion,
  )
  for (const row of weights) {
    const tag = licenseOfHeader(facts.get(row.sha256 ?? '')?.facts.header)
    if (tag !== null) return { tag, path: row.path }
  }
  return null
}

/** `general.license` of GGUF, `license` in the metadata of safetensors. */
function licenseOfHeader(header: unknown): string | null {
  if (typeof header !== 'object' || header === null) return null
  const { license: tag, metadata } = header as { license?: unknown; metadata?: unknown }
  if (typeof tag === 'string' && tag !== '') return tag
  const given =
    typeof metadata === 'object' && metadata !== null ? (metadata as { license?: unknown }).license : undefined
  return typeof given === 'string' && given !== '' ? given : null
}
