import { type FileRow, readFileRows, recordFileVerdicts } from '../../artifacts/index.ts'
import { patchVersion } from '../../catalog/index.ts'
import { insertScan, inspectFiles, judgeFiles } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { assertUnchanged, openFile } from '../files/open-file.ts'
import type { OnboardContext } from '../onboard-context.ts'

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
  const judged = await judgeFiles(
    version,
    rows.flatMap((row: FileRow) => {
      const found = facts.get(row.path)
      return found === undefined
        ? []
        : [{ path: row.path, size: row.size, facts: found.facts, isolation: found.isolation }]
    }),
  )
  const scanId = deps.newId('scan')
  for (let i = 0; i < judged.files.length; i += filesPerTransaction) {
    await ctx.tx((trx) => recordFileVerdicts(trx, ctx.versionId, judged.files.slice(i, i + filesPerTransaction)))
  }
  await ctx.tx(async (trx) => {
    await insertScan(
      trx,
      { ...judged.scan, id: scanId, at: deps.clock.date() },
      judged.findings.map((finding) => ({ ...finding, id: deps.newId('finding'), scan_id: scanId })),
    )
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
