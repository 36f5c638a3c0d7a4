import { unwrap } from '../../sdk/index.ts'
import { choiceOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { pairs, table } from '../text/table.ts'
import { relative } from '../text/units.ts'
import { versionToShow } from '../version-reference.ts'
import { documentOptions, writeDocument } from '../write-document.ts'

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const

export const versionsScans = defineCommand({
  name: 'versions scans',
  summary: 'The scans of a version, what changed between two of them, or the newest as JSON or SARIF',
  args: ['<version>'],
  options: {
    ...pageOptions,
    ...documentOptions,
    diff: { type: 'string', value: 'SCAN', description: 'What this scan says otherwise than the one before it' },
    with: { type: 'string', value: 'SCAN', description: 'With --diff: compare with this one' },
    format: { type: 'string', value: 'FORMAT', description: 'The newest scan as sarif or json' },
  },
  routes: ['listVersionScans', 'diffVersionScans', 'reportVersionScan'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const format = choiceOption(values.format, 'format', ['sarif', 'json'])
    if (format !== undefined) {
      const params = { path: { id }, query: { format } }
      await writeDocument(ctx, await unwrap(hub.client.GET('/versions/{id}/scan/report', { params })), values)
      return exitCodes.ok
    }
    if (values.diff !== undefined) return showDiff(ctx, hub, id, values.diff, values.with)
    const params = { path: { id }, query: pageQuery(values) }
    const page = await unwrap(hub.client.GET('/versions/{id}/scans', { params }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    const rows = page.items.map((scan) => [
      scan.verdict,
      severities.map((severity) => scan.counts[severity] ?? 0).join('/'),
      `${scan.filesExamined} of ${scan.filesTotal}`,
      scan.skipped.map(({ reason, files }) => `${files} ${reason.replaceAll('_', ' ')}`).join(', '),
      scan.trigger,
      scan.confirmed === null ? scan.ruleset : `${scan.ruleset}, confirmed by ${scan.confirmed.ruleset}`,
      relative(scan.at, ctx.clock.now()),
      scan.id,
    ])
    const titles = ['VERDICT', 'C/H/M/L/I', 'EXAMINED', 'NOT READ', 'BY', 'RULESET', 'WHEN', 'ID']
    ctx.line(
      table(
        titles.map((title) => ({ title })),
        rows,
      ),
    )
    notePage(ctx, page)
    return exitCodes.ok
  },
})

async function showDiff(ctx: Context, hub: Hub, id: string, scan: string, other: string | undefined): Promise<number> {
  const params = { path: { id, scan }, query: other === undefined ? {} : { with: other } }
  const diff = await unwrap(hub.client.GET('/versions/{id}/scans/{scan}/diff', { params }))
  if (ctx.flags.json) {
    ctx.json(diff)
    return exitCodes.ok
  }
  ctx.line(
    pairs([
      [
        'from',
        diff.from === null ? 'no scan before' : `${diff.from.verdict} by ${diff.from.ruleset} (${diff.from.id})`,
      ],
      ['to', `${diff.to.verdict} by ${diff.to.ruleset} (${diff.to.id})`],
      ['rules', diff.rulesetChanged ? 'changed' : 'the same'],
      ['scanner', diff.scannerChanged ? 'changed' : 'the same'],
      ['unchanged', String(diff.unchanged)],
    ]),
  )
  const line = (sign: string, { severity, ruleId, path, message }: (typeof diff.added)[number]) =>
    ctx.line(`${sign} ${severity}  ${ruleId}  ${path}  ${message}`)
  for (const finding of diff.added) line('+', finding)
  for (const finding of diff.gone) line('-', finding)
  for (const { finding, from, to } of diff.changed) line(`~ ${from} → ${to}`, finding)
  if (diff.truncated) ctx.note('There is more than is shown here.')
  return exitCodes.ok
}
