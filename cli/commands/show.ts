import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { readinessLines } from '../text/checks.ts'
import { pairs, table } from '../text/table.ts'
import { count } from '../text/units.ts'
import { versionPairs } from '../text/version-summary.ts'
import { wrongUse } from '../usage-error.ts'
import { isVersionReference, versionToShow } from '../version-reference.ts'
import { showSections } from './show-sections.ts'

export const show = defineCommand({
  name: 'show',
  summary: 'Show a model or a version: state, facts with their origin, readiness',
  args: ['<model|version>'],
  options: {
    files: { type: 'boolean', description: 'The file manifest' },
    scan: { type: 'boolean', description: 'The security verdict and findings' },
    license: { type: 'boolean', description: 'License tag and file' },
    lineage: { type: 'boolean', description: 'Where it comes from and what was made of it' },
    activity: { type: 'boolean', description: 'Everything that happened to it' },
    readiness: { type: 'boolean', description: 'What stands between it and publishing' },
  },
  notes: ['A version is an id or name@number; a model stands for its default version.'],
  routes: [
    'getModel',
    'getVersion',
    'getVersionReadiness',
    'listVersionFiles',
    'getVersionScan',
    'getVersionLicense',
    'getVersionLineage',
    'listVersionActivity',
  ],
  run: async (ctx, { values, positionals }) => {
    const reference = positionals[0] ?? ''
    const hub = await ctx.hub()
    const wanted = showSections.filter((section) => values[section.name] === true)
    if (wanted.length === 0) return showAll(ctx, hub, reference)
    if (ctx.flags.json && wanted.length > 1) throw wrongUse('With --json ask for one part at a time.')
    const id = await versionToShow(hub, reference)
    for (const [at, section] of wanted.entries()) {
      if (at > 0) ctx.line()
      await section.print(ctx, hub, id)
    }
    return exitCodes.ok
  },
})

async function showAll(ctx: Context, hub: Hub, reference: string): Promise<number> {
  const params = { params: { path: { id: reference } } }
  const model = isVersionReference(reference) ? undefined : await unwrap(hub.client.GET('/models/{id}', params))
  const version = model?.defaultVersion ?? (await unwrap(hub.client.GET('/versions/{id}', params)))
  if (ctx.flags.json) {
    ctx.json(model ?? version)
    return exitCodes.ok
  }
  const now = ctx.clock.now()
  if (model !== undefined) {
    ctx.line(
      pairs([
        ['model', `${model.name} (${model.id})${model.starter ? ', the starter this hub generated' : ''}`],
        ['project', model.projectName],
        ['owner', model.ownerName ?? 'nobody yet'],
        ['about', model.description || null],
        ['tags', model.tags.join(', ') || null],
        ['versions', `${count(model.versionCount, 'version')}; below is the default one`],
      ]),
    )
    ctx.line()
  }
  ctx.line(pairs(versionPairs(version, now)))
  const facts = Object.entries(version.metadata).map(([key, fact]) => [
    key,
    shorten(Array.isArray(fact.value) ? fact.value.join(', ') : String(fact.value)),
    fact.origin.replaceAll('_', ' '),
    fact.source,
  ])
  if (facts.length > 0) {
    ctx.line()
    ctx.line(table([{ title: 'FACT' }, { title: 'VALUE' }, { title: 'ORIGIN' }, { title: 'FROM' }], facts))
  }
  const readiness = await unwrap(hub.client.GET('/versions/{id}/readiness', { params: { path: { id: version.id } } }))
  ctx.line()
  for (const line of readinessLines(readiness)) ctx.line(line)
  return exitCodes.ok
}

/** A card's prose would stretch the table over many screens; `--json` has it whole. */
const shorten = (value: string) => (value.length > 72 ? `${value.slice(0, 71)}…` : value)
