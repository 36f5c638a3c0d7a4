import { unwrap } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import type { Hub } from '../hub.ts'
import { notePage } from '../paging.ts'
import { readinessLines } from '../text/checks.ts'
import { licenseLines } from '../text/license.ts'
import { scanExtras } from '../text/scan-extras.ts'
import { pairs, table } from '../text/table.ts'
import { bytes, relative } from '../text/units.ts'
import { findingLines, stateText } from '../text/version-summary.ts'

const path = (id: string) => ({ path: { id } })
const fullPage = { limit: 200 }

type Section = {
  name: 'files' | 'scan' | 'license' | 'lineage' | 'activity' | 'readiness'
  print: (ctx: Context, hub: Hub, id: string) => Promise<void>
}

/** The parts of a version that `show` prints when asked, in this order. */
export const showSections: readonly Section[] = [
  {
    name: 'files',
    print: async (ctx, hub, id) => {
      const page = await unwrap(hub.client.GET('/versions/{id}/files', { params: { ...path(id), query: fullPage } }))
      if (ctx.flags.json) return ctx.json(page)
      const rows = page.items.map((file) => [
        bytes(file.size),
        file.verdict ?? 'not scanned',
        file.formatTitle ?? file.format ?? 'not inspected',
        stateText(file.stored),
        file.sha256?.slice(0, 16),
        file.path,
      ])
      const titles = ['VERDICT', 'FORMAT', 'STORED', 'SHA256', 'PATH'].map((title) => ({ title }))
      ctx.line(table([{ title: 'SIZE', align: 'right' }, ...titles], rows))
      notePage(ctx, page)
    },
  },
  {
    name: 'scan',
    print: async (ctx, hub, id) => {
      const scan = await unwrap(hub.client.GET('/versions/{id}/scan', { params: path(id) }))
      if (ctx.flags.json) return ctx.json(scan)
      if (!scan.applicable) return ctx.line(scan.sentence)
      ctx.line(
        pairs([
          ['verdict', `${scan.verdict ?? 'not scanned'}: ${scan.sentence}`],
          [
            'examined',
            `${scan.filesExamined} of ${scan.filesTotal} files, ${bytes(scan.bytesExamined)} of ${bytes(scan.bytesTotal)}`,
          ],
          [
            'ruleset',
            scan.confirmed === null ? scan.ruleset : `${scan.ruleset}, confirmed by ${scan.confirmed.ruleset}`,
          ],
          ['scanner', scan.scanner],
          ['isolation', scan.isolation.join(', ') || null],
          ['made by', scan.trigger],
          ['at', relative(scan.at, ctx.clock.now())],
          ['to read again', scan.stale],
        ]),
      )
      for (const line of scanExtras(scan)) ctx.line(line)
      for (const finding of scan.findings) for (const line of findingLines(finding)) ctx.line(line)
    },
  },
  {
    name: 'license',
    print: async (ctx, hub, id) => {
      const license = await unwrap(hub.client.GET('/versions/{id}/license', { params: path(id) }))
      if (ctx.flags.json) return ctx.json(license)
      for (const line of licenseLines(license)) ctx.line(line)
      if (license.text !== null) ctx.line(`\n${license.text}`)
    },
  },
  {
    name: 'lineage',
    print: async (ctx, hub, id) => {
      const lineage = await unwrap(hub.client.GET('/versions/{id}/lineage', { params: path(id) }))
      if (ctx.flags.json) return ctx.json(lineage)
      const rows = lineage.nodes.map((node) => [
        node.relation,
        node.name,
        node.state === null ? 'not in this hub' : stateText(node.state),
        node.origin,
        node.source,
      ])
      ctx.line(
        table(
          ['RELATION', 'NAME', 'STATE', 'ORIGIN', 'FROM'].map((title) => ({ title })),
          rows,
        ),
      )
    },
  },
  {
    name: 'activity',
    print: async (ctx, hub, id) => {
      const page = await unwrap(hub.client.GET('/versions/{id}/activity', { params: { ...path(id), query: fullPage } }))
      if (ctx.flags.json) return ctx.json(page)
      const rows = page.items.map((item) => [
        `#${item.seq}`,
        relative(item.at, ctx.clock.now()),
        item.actor.name,
        item.summary,
        item.reason ?? '',
      ])
      ctx.line(
        table(
          ['EVENT', 'WHEN', 'WHO', 'WHAT', 'REASON'].map((title) => ({ title })),
          rows,
        ),
      )
      notePage(ctx, page)
    },
  },
  {
    name: 'readiness',
    print: async (ctx, hub, id) => {
      const readiness = await unwrap(hub.client.GET('/versions/{id}/readiness', { params: path(id) }))
      if (ctx.flags.json) return ctx.json(readiness)
      for (const line of readinessLines(readiness)) ctx.line(line)
    },
  },
]
