import { clamavAddressText } from '../../../platform/clamav.ts'
import type { FileRow } from '../../artifacts/index.ts'
import { antivirusEvidence, askAntivirus, type ImportedScanRow } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { assertUnchanged, openFile } from '../files/open-file.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** Asks the operator's virus scanner about the files of a version; null where there is none. What it says of each is kept by digest. */
export async function askAntivirusAbout(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  rows: readonly FileRow[],
): Promise<ImportedScanRow | null> {
  const { antivirus } = deps
  if (antivirus === undefined) return null
  const files = rows.flatMap((row) =>
    row.sha256 === null
      ? []
      : [
          {
            path: row.path,
            size: row.size,
            sha256: row.sha256,
            open: () => openFile(deps, row),
            assertUnchanged: (handle: Parameters<typeof assertUnchanged>[1]) => assertUnchanged(row, handle),
          },
        ],
  )
  let done = 0
  const said = await askAntivirus(
    { ...deps, antivirus },
    files,
    ({ path }) => {
      done += 1
      ctx.progress({ message: `ClamAV: ${path} (${done})` })
    },
    ctx.signal,
  )
  const evidence = antivirusEvidence(
    { id: ctx.versionId, projectId: ctx.projectId },
    files,
    said,
    `clamd at ${clamavAddressText(antivirus.address)}`,
    deps.clock.date(),
  )
  ctx.log(evidence.status === 'no_hits' ? 'info' : 'warn', evidence.summary ?? evidence.status)
  return evidence
}
