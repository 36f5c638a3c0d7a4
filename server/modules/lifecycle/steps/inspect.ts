import { type FileRow, readFileRows, recordFileVerdicts } from '../../artifacts/index.ts'
import { getVersion, patchVersion } from '../../catalog/index.ts'
import {
  antivirusOf,
  clearStale,
  insertScan,
  inspectFiles,
  judgeFiles,
  readAntivirus,
  replaceImportedScans,
} from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { assertUnchanged, openFile } from '../files/open-file.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { askAntivirusAbout } from './ask-antivirus-about.ts'

/** The embedded database does one transaction at a time; others must have their turn between these. */
const filesPerTransaction = 2_000

/** Inspects every file in isolated processes, judges the facts, stores scan and findings. */
export async function inspect(
  deps: LifecycleDeps,
  ctx: OnboardContext,
): Promise<{ verdict: string; findings: number; needsAttention: boolean }> {
  const rows = await readFileRows(deps.database.db, ctx.versionId)
  let done = 0
  const facts = await inspectFiles(
    deps,
    rows.map((row) => ({
      path: row.path,
      size: row.size,
      sha256: row.sha256 ?? '',
      open: () => openFile(deps, row),
      assertUnchanged: (handle) => assertUnchanged(row, handle),
    })),
    (file, known) => {
      done += 1
      ctx.progress({ done, total: rows.length, message: known ? `${file.path} (seen before)` : file.path })
    },
    ctx.signal,
  )
  const version = { id: ctx.versionId, projectId: ctx.projectId }
  const evidence = await askAntivirusAbout(deps, ctx, rows)
  const digests = [...new Set(rows.flatMap(({ sha256 }) => sha256 ?? []))]
  const antivirus = await readAntivirus(deps.database.db, digests)
  const judged = await judgeFiles(
    version,
    rows.flatMap((row: FileRow) => {
      const found = facts.get(row.path)
      return found === undefined
        ? []
        : [
            {
              path: row.path,
              size: row.size,
              facts: found.facts,
              isolation: found.isolation,
              antivirus: antivirusOf(antivirus.get(row.sha256 ?? ''), deps.antivirus !== undefined),
            },
          ]
    }),
  )
  const scanId = deps.newId('scan')
  for (let i = 0; i < judged.files.length; i += filesPerTransaction) {
    await ctx.tx((trx) => recordFileVerdicts(trx, ctx.versionId, judged.files.slice(i, i + filesPerTransaction)))
  }
  await ctx.tx(async (trx) => {
    const { state } = await getVersion(trx, ctx.versionId)
    await insertScan(
      trx,
      { ...judged.scan, id: scanId, at: deps.clock.date(), trigger: state === 'ingesting' ? 'ingest' : 'rescan' },
      judged.findings.map((finding) => ({ ...finding, id: deps.newId('finding'), scan_id: scanId })),
    )
    if (evidence !== null) await replaceImportedScans(trx, ctx.versionId, [evidence], 'antivirus')
    await clearStale(trx, [ctx.versionId])
    await patchVersion(trx, ctx.versionId, { verdict: judged.scan.verdict }, deps.clock.date())
  })
  for (const finding of judged.findings.slice(0, 20)) {
    ctx.log(
      finding.severity === 'critical' || finding.severity === 'high' ? 'warn' : 'info',
      `${finding.rule_id} ${finding.path}`,
    )
  }
  return { verdict: judged.scan.verdict, findings: judged.findings.length, needsAttention: judged.needsAttention }
}
