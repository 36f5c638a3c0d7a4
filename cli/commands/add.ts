import { unwrap } from '../../sdk/index.ts'
import type { Source } from '../api-types.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { readHardware, readModality } from '../hardware-options.ts'
import type { Hub } from '../hub.ts'
import { nameOfSource, parseSource } from '../source-argument.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { wrongUse } from '../usage-error.ts'
import { expandGlob, printChecks, printSourceCheck } from './add-dry-run.ts'
import { finishAdd } from './add-finish.ts'

export const add = defineCommand({
  name: 'add',
  summary: 'Register models from their sources and take them through onboarding',
  args: ['[source]…'],
  options: {
    name: {
      type: 'string',
      value: 'NAME',
      description: 'Name of the model; the default comes from the folder or file',
    },
    copy: { type: 'boolean', description: 'Take the files into the store instead of registering them in place' },
    include: {
      type: 'string',
      value: 'GLOB',
      multiple: true,
      description: 'hf: take files that fit; may be given again',
    },
    exclude: { type: 'string', value: 'GLOB', multiple: true, description: 'hf: leave out files that fit' },
    watch: { type: 'boolean', description: 'hf: make a new draft when the revision moves' },
    sha256: { type: 'string', value: 'DIGEST', description: 'https: what the file must hash to' },
    'keep-packed': { type: 'boolean', description: 'https: do not unpack an archive' },
    credential: { type: 'string', value: 'ID', description: 'Stored credential that may read the source' },
    glob: {
      type: 'string',
      value: 'PATTERN',
      description: "Everything on the hub's machine that fits, below an allowed root",
    },
    tag: { type: 'string', short: 't', value: 'TAG', multiple: true, description: 'Tag' },
    description: { type: 'string', value: 'TEXT', description: 'Description' },
    modality: { type: 'string', value: 'KIND', description: 'What it is, such as text or image; the files must agree' },
    prefer: { type: 'string', value: 'cpu|gpu', description: 'Hardware it is meant for' },
    'memory-limit': {
      type: 'string',
      value: 'SIZE',
      description: 'An engine of the hub that needs more does not load it, such as 8GiB',
    },
    project: { type: 'string', value: 'PROJECT', description: 'Project id or name' },
    benchmark: { type: 'boolean', description: 'Benchmark it once verified' },
    evaluate: { type: 'boolean', description: 'Evaluate it once verified' },
    publish: { type: 'boolean', description: 'Publish it once verified, if the gates allow' },
    'dry-run': { type: 'boolean', description: 'Look at the source without changing anything' },
    draft: { type: 'boolean', description: 'Keep it as a draft; start it later with modelhub retry' },
    'no-wait': { type: 'boolean', description: 'Do not wait for the job' },
  },
  notes: [
    'Sources: disk:/path, a path that exists here, hf:org/name@revision, https://… for one file, cloud:provider/model.',
    'With several sources names come from them; with --dry-run each is looked at and nothing is changed.',
    'Exit code: 0 verified or better, 2 needs attention, 1 failed or refused, 3 wrong use.',
  ],
  routes: [
    'createModel',
    'checkSource',
    'expandSources',
    'getVersion',
    'getVersionScan',
    'getVersionReadiness',
    'streamJobEvents',
  ],
  run: async (ctx, { values, positionals }) => {
    const named = positionals.map((text) => withOptions(parseSource(text, ctx.folder), values))
    const hub = await ctx.hub()
    const found = values.glob === undefined ? [] : await expandGlob(hub, values.glob)
    const sources = [...named, ...found.map((source) => withOptions(source, values))]
    const [only] = sources
    if (only === undefined) throw wrongUse('No source was given.', 'Write modelhub add hf:org/name, or a path.')
    if (sources.length > 1 && values.name !== undefined) {
      throw wrongUse('One name does not fit several sources.', 'Add them one by one, or leave --name out.')
    }
    if (values['dry-run'] === true)
      return sources.length === 1 ? dryRun(ctx, hub, only) : printChecks(ctx, hub, sources)
    // Said before the first one is registered.
    const plan = sources.map((source) => {
      const name = values.name ?? nameOfSource(source)
      if (name === undefined) throw wrongUse('No name can be made from this source.', 'Give one with --name.')
      return { source, name }
    })
    const codes: number[] = []
    for (const { source, name } of plan) codes.push(await addOne(ctx, hub, source, name, values))
    return Math.max(...codes)
  },
})

type Values = {
  copy?: boolean | undefined
  include?: string[] | undefined
  exclude?: string[] | undefined
  watch?: boolean | undefined
  sha256?: string | undefined
  'keep-packed'?: boolean | undefined
  credential?: string | undefined
}

type AddValues = {
  benchmark?: boolean | undefined
  evaluate?: boolean | undefined
  publish?: boolean | undefined
  draft?: boolean | undefined
  'no-wait'?: boolean | undefined
  tag?: string[] | undefined
  description?: string | undefined
  modality?: string | undefined
  prefer?: string | undefined
  'memory-limit'?: string | undefined
  project?: string | undefined
}

/** The source with what the options say about it. Throws wrong use for an option that its kind does not have. */
function withOptions(source: Source, values: Values): Source {
  const { include, exclude, watch, sha256, credential } = values
  const packed = values['keep-packed']
  const others = { copy: values.copy, include, exclude, watch, sha256, 'keep-packed': packed, credential }
  const fits: Record<Source['type'], readonly string[]> = {
    disk: ['copy'],
    huggingface: ['include', 'exclude', 'watch', 'credential'],
    url: ['sha256', 'keep-packed', 'credential'],
    cloud: ['credential'],
  }
  const wrong = Object.entries(others).find(([name, value]) => value !== undefined && !fits[source.type].includes(name))
  if (wrong !== undefined) {
    throw wrongUse(`--${wrong[0]} says nothing about a source of the kind ${source.type}.`, 'Leave it out.')
  }
  const given = credential === undefined ? {} : { credential }
  switch (source.type) {
    case 'disk':
      return { ...source, mode: values.copy === true ? 'copy' : 'in_place' }
    case 'huggingface':
      return {
        ...source,
        ...given,
        ...(include === undefined ? {} : { include }),
        ...(exclude === undefined ? {} : { exclude }),
        ...(watch === undefined ? {} : { watch }),
      }
    case 'url':
      return {
        ...source,
        ...given,
        ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
        ...(packed === true ? { unpack: false } : {}),
      }
    case 'cloud':
      return { ...source, ...given }
  }
}

async function addOne(ctx: Context, hub: Hub, source: Source, name: string, values: AddValues): Promise<number> {
  const { benchmark = false, evaluate = false, publish = false } = values
  const given = { ...readModality(values.modality), ...readHardware(values.prefer, values['memory-limit']) }
  const created = await unwrap(
    hub.client.POST('/models', {
      body: {
        name,
        source,
        start: values.draft !== true,
        onboarding: { benchmark, evaluate, publish },
        ...(values.tag === undefined ? {} : { tags: values.tag }),
        ...(values.description === undefined ? {} : { description: values.description }),
        ...given,
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
}

async function dryRun(ctx: Context, hub: Hub, source: Source): Promise<number> {
  const check = await unwrap(hub.client.POST('/sources/check', { body: { source } }))
  if (ctx.flags.json) ctx.json(check)
  else printSourceCheck(ctx, check)
  return check.ok ? exitCodes.ok : exitCodes.refused
}
