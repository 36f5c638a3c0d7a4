import { unwrap } from '../../sdk/index.ts'
import { choiceOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { table } from '../text/table.ts'
import { bytes, relative } from '../text/units.ts'
import { stateText } from '../text/version-summary.ts'

const states = ['draft', 'ingesting', 'needs_attention', 'verified', 'evaluated', 'published', 'archived'] as const
const sources = ['cloud', 'huggingface', 'url', 'disk'] as const
const verdicts = ['pass', 'review', 'incomplete', 'block'] as const
const modalities = ['text', 'image', 'audio', 'video', 'embedding', 'action', 'document'] as const
const sorts = ['-updated', 'updated', 'name', '-name', '-size', 'size'] as const

const choices = <const T extends string>(given: readonly string[] | undefined, name: string, allowed: readonly T[]) =>
  given?.flatMap((text) => choiceOption(text, name, allowed) ?? [])

const filter = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value })

export const ls = defineCommand({
  name: 'ls',
  summary: 'Search the catalog',
  args: ['[text]'],
  options: {
    state: { type: 'string', multiple: true, value: 'STATE', description: `One of ${states.join(', ')}` },
    source: { type: 'string', multiple: true, value: 'SOURCE', description: `One of ${sources.join(', ')}` },
    verdict: { type: 'string', multiple: true, value: 'VERDICT', description: `One of ${verdicts.join(', ')}` },
    modality: { type: 'string', multiple: true, value: 'MODALITY', description: `One of ${modalities.join(', ')}` },
    tag: { type: 'string', short: 't', multiple: true, value: 'TAG', description: 'Has this tag' },
    license: { type: 'string', multiple: true, value: 'LICENSE', description: 'Has this license' },
    project: { type: 'string', value: 'PROJECT', description: 'In this project' },
    owner: { type: 'string', value: 'OWNER', description: 'Of this owner' },
    sort: { type: 'string', value: 'ORDER', description: `One of ${sorts.join(', ')}; write --sort=-size` },
    ...pageOptions,
  },
  routes: ['listModels'],
  run: async (ctx, { values, positionals }) => {
    const query = {
      ...pageQuery(values),
      ...filter('q', positionals[0]),
      ...filter('state', choices(values.state, 'state', states)),
      ...filter('source', choices(values.source, 'source', sources)),
      ...filter('verdict', choices(values.verdict, 'verdict', verdicts)),
      ...filter('modality', choices(values.modality, 'modality', modalities)),
      ...filter('tag', values.tag),
      ...filter('license', values.license),
      ...filter('project', values.project),
      ...filter('owner', values.owner),
      ...filter('sort', choiceOption(values.sort, 'sort', sorts)),
    }
    const hub = await ctx.hub()
    const page = await unwrap(hub.client.GET('/models', { params: { query } }))
    if (ctx.flags.json) {
      ctx.json(page)
      return exitCodes.ok
    }
    if (page.items.length === 0) ctx.line('No model matches.')
    else {
      const rows = page.items.map((model) => [
        model.name,
        stateText(model.state),
        model.defaultVersion.verdict,
        model.defaultVersion.license?.label,
        bytes(model.defaultVersion.totalBytes),
        String(model.versionCount),
        relative(model.updatedAt, ctx.clock.now()),
      ])
      const columns = [
        { title: 'NAME' },
        { title: 'STATE' },
        { title: 'VERDICT' },
        { title: 'LICENSE' },
        { title: 'SIZE', align: 'right' as const },
        { title: 'VERSIONS', align: 'right' as const },
        { title: 'UPDATED' },
      ]
      ctx.line(table(columns, rows))
    }
    notePage(ctx, page)
    return exitCodes.ok
  },
})
