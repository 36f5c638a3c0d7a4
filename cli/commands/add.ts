import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { nameOfSource, parseSource } from '../source-argument.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { wrongUse } from '../usage-error.ts'
import { printSourceCheck } from './add-dry-run.ts'
import { finishAdd } from './add-finish.ts'

type Source = { type: 'disk'; path: string; mode: 'in_place' | 'copy' }

export const add = defineCommand({
  name: 'add',
  summary: 'Register a model from a source and take it through onboarding',
  args: ['<source>'],
  options: {
    name: {
      type: 'string',
      value: 'NAME',
      description: 'Name of the model; the default comes from the folder or file',
    },
    copy: { type: 'boolean', description: 'Take the files into the store instead of registering them in place' },
    tag: { type: 'string', short: 't', value: 'TAG', multiple: true, description: 'Tag' },
    description: { type: 'string', value: 'TEXT', description: 'Description' },
    project: { type: 'string', value: 'PROJECT', description: 'Project id or name' },
    benchmark: { type: 'boolean', description: 'Benchmark it once verified' },
    evaluate: { type: 'boolean', description: 'Evaluate it once verified' },
    publish: { type: 'boolean', description: 'Publish it once verified, if the gates allow' },
    'dry-run': { type: 'boolean', description: 'Look at the source without changing anything' },
    draft: { type: 'boolean', description: 'Keep it as a draft; start it later with modelhub retry' },
    'no-wait': { type: 'boolean', description: 'Do not wait for the job' },
  },
  notes: [
    'Sources: disk:/path, or a path that exists here.',
    'Exit code: 0 verified or better, 2 needs attention, 1 failed or refused, 3 wrong use.',
  ],
  routes: ['createModel', 'checkSource', 'getVersion', 'getVersionScan', 'getVersionReadiness', 'streamJobEvents'],
  run: async (ctx, { values, positionals }) => {
    const argument = parseSource(positionals[0] ?? '', ctx.folder)
    const source: Source = { ...argument, mode: values.copy === true ? 'copy' : 'in_place' }
    const hub = await ctx.hub()
    if (values['dry-run'] === true) return dryRun(ctx, hub, source)
    const name = values.name ?? nameOfSource(argument)
    if (name === undefined) throw wrongUse('No name can be made from this path.', 'Give one with --name.')
    const { benchmark = false, evaluate = false, publish = false } = values
    const created = await unwrap(
      hub.client.POST('/models', {
        body: {
          name,
          source,
          start: values.draft !== true,
          onboarding: { benchmark, evaluate, publish },
          ...(values.tag === undefined ? {} : { tags: values.tag }),
          ...(values.description === undefined ? {} : { description: values.description }),
          ...(values.project === undefined ? {} : { project: values.project }),
        },
      }),
    )
    if (created.job !== null && values['no-wait'] !== true) return finishAdd(ctx, hub, created, created.job, publish)
    if (ctx.flags.json) ctx.json(created)
    else {
      for (const line of versionOutcome(created.version)) ctx.line(line)
      if (created.job !== null) ctx.line(`Watch it: modelhub jobs ${created.job.id} --follow`)
      else ctx.line(`Start it: modelhub retry ${created.version.modelName}@${created.version.number}`)
    }
    return exitCodes.ok
  },
})

async function dryRun(ctx: Context, hub: Hub, source: Source): Promise<number> {
  const check = await unwrap(hub.client.POST('/sources/check', { body: { source } }))
  if (ctx.flags.json) ctx.json(check)
  else printSourceCheck(ctx, check)
  return check.ok ? exitCodes.ok : exitCodes.refused
}
