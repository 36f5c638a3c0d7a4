import { unwrap } from '../../sdk/index.ts'
import type { Source } from '../api-types.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { readModality } from '../hardware-options.ts'
import type { Hub } from '../hub.ts'
import { nameOfSource, parseSource } from '../source-argument.ts'
import { uploadPaths } from '../uploads/upload-paths.ts'
import { wrongUse } from '../usage-error.ts'
import { expandGlob, printChecks, printSourceCheck } from './add-dry-run.ts'
import { addList } from './add-list.ts'
import { addOne } from './add-one.ts'

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
    upload: { type: 'boolean', description: 'Send the files of this machine to the hub, and take them from there' },
    sha256: { type: 'string', value: 'DIGEST', description: 'https, one file of a disk: what it must hash to' },
    checksums: {
      type: 'string',
      value: 'FILE',
      description: 'disk: file of checksums in the folder, or by its full path on the hub, that must all be right',
    },
    'keep-packed': { type: 'boolean', description: 'https: do not unpack an archive' },
    credential: { type: 'string', value: 'ID', description: 'Stored credential that may read the source, or call it' },
    region: { type: 'string', value: 'REGION', description: 'cloud: where the provider is to run it' },
    glob: {
      type: 'string',
      value: 'PATTERN',
      description: "Everything on the hub's machine that fits, below an allowed root",
    },
    list: {
      type: 'string',
      value: 'FILE',
      description: 'Every source of a file, one a line, one job each; - is standard input',
    },
    again: { type: 'boolean', description: '--list: take also what is here already, as a new version' },
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
    'Sources: disk:/path, a path that exists here, hf:org/name@revision, https://… for one file, upload:upl_…, cloud:provider/model.',
    'With several sources names come from them; with --dry-run each is looked at and nothing is changed.',
    'A list may hold org/name of repositories; # begins a comment. A line that is refused is named and stops none of the others.',
    'Exit code: 0 verified or better, 2 needs attention, 1 failed or refused, 3 wrong use.',
  ],
  routes: [
    'createModel',
    'checkSource',
    'expandSources',
    'createUpload',
    'sendUploadFile',
    'finishUpload',
    'getVersion',
    'getVersionScan',
    'getVersionReadiness',
    'streamJobEvents',
  ],
  run: async (ctx, { values, positionals }) => {
    if (values.list !== undefined) {
      assertListAlone(positionals, values)
      return await addList(ctx, { ...values, list: values.list }, (source) => withOptions(source, values))
    }
    const sending = values.upload === true
    const named = positionals.map((text) => withOptions(parseSource(text, ctx.folder), values))
    const hub = await ctx.hub()
    const found = values.glob === undefined ? [] : await expandGlob(hub, values.glob)
    const sources = [...named, ...found.map((source) => withOptions(source, values))]
    const [only] = sources
    if (only === undefined) throw wrongUse('No source was given.', 'Write modelhub add hf:org/name, or a path.')
    if (sources.length > 1 && values.name !== undefined) {
      throw wrongUse('One name does not fit several sources.', 'Add them one by one, or leave --name out.')
    }
    if (sending) assertHere(sources, values)
    if (values['dry-run'] === true)
      return sources.length === 1 ? dryRun(ctx, hub, only, values.modality) : printChecks(ctx, hub, sources)
    // Said before the first one is registered.
    const plan: { source: Source; name: string }[] = []
    for (const source of sources) {
      const name = values.name ?? nameOfSource(source) ?? (await nameOfUpload(hub, source))
      if (name === undefined) throw wrongUse('No name can be made from this source.', 'Give one with --name.')
      plan.push({ source, name })
    }
    const codes: number[] = []
    for (const { source, name } of plan) {
      const there = sending ? await sent(ctx, hub, source, values.project) : source
      codes.push(await addOne(ctx, hub, there, name, values))
    }
    return Math.max(...codes)
  },
})

/** Throws wrong use for what says something of one source only. */
function assertListAlone(
  positionals: readonly string[],
  values: { name?: string | undefined; glob?: string | undefined; upload?: boolean | undefined },
) {
  const { name, glob, upload } = values
  if (positionals.length === 0 && name === undefined && glob === undefined && upload !== true) return
  throw wrongUse(
    '--list goes with neither sources, --name, --glob nor --upload.',
    'Put the sources into the list, or leave --list out.',
  )
}

/** Throws wrong use for what cannot be sent from here. */
function assertHere(
  sources: readonly Source[],
  values: { glob?: string | undefined; 'dry-run'?: boolean | undefined },
) {
  const other = sources.some((source) => source.type !== 'disk' || source.path === undefined)
  if (!other && values.glob === undefined && values['dry-run'] !== true) return
  throw wrongUse('--upload sends files and folders of this machine.', 'Give a path that exists here, and nothing else.')
}

/** The same source once its files are on the hub. */
async function sent(ctx: Context, hub: Hub, source: Source, project: string | undefined): Promise<Source> {
  if (source.type !== 'disk' || source.path === undefined) return source
  const { path: _here, ...rest } = source
  const upload = await uploadPaths(ctx, hub, [source.path], project)
  return { ...rest, upload: upload.id, mode: 'copy' }
}

async function nameOfUpload(hub: Hub, source: Source): Promise<string | undefined> {
  if (source.type !== 'disk' || source.upload === undefined) return undefined
  const { name } = await unwrap(hub.client.GET('/uploads/{id}', { params: { path: { id: source.upload } } }))
  return name === null ? undefined : nameOfSource({ type: 'disk', path: `/${name}`, mode: 'copy' })
}

type Values = {
  upload?: boolean | undefined
  checksums?: string | undefined
  copy?: boolean | undefined
  include?: string[] | undefined
  exclude?: string[] | undefined
  watch?: boolean | undefined
  sha256?: string | undefined
  'keep-packed'?: boolean | undefined
  credential?: string | undefined
  region?: string | undefined
}

/** The source with what the options say about it. Throws wrong use for an option that its kind does not have. */
function withOptions(source: Source, values: Values): Source {
  const { include, exclude, watch, sha256, checksums, credential, region } = values
  const packed = values['keep-packed']
  const others = {
    copy: values.copy,
    checksums,
    include,
    exclude,
    watch,
    sha256,
    'keep-packed': packed,
    credential,
    region,
  }
  const fits: Record<Source['type'], readonly string[]> = {
    disk: ['copy', 'sha256', 'checksums'],
    huggingface: ['include', 'exclude', 'watch', 'credential'],
    url: ['sha256', 'keep-packed', 'credential'],
    cloud: ['credential', 'region'],
  }
  const wrong = Object.entries(others).find(([name, value]) => value !== undefined && !fits[source.type].includes(name))
  if (wrong !== undefined) {
    throw wrongUse(`--${wrong[0]} says nothing about a source of the kind ${source.type}.`, 'Leave it out.')
  }
  const given = credential === undefined ? {} : { credential }
  switch (source.type) {
    case 'disk':
      return {
        ...source,
        mode: values.copy === true || source.upload !== undefined ? 'copy' : 'in_place',
        ...(sha256 === undefined ? {} : { sha256: sha256.toLowerCase() }),
        ...(checksums === undefined ? {} : { checksums }),
      }
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
      return { ...source, ...given, ...(region === undefined ? {} : { region }) }
  }
}

async function dryRun(ctx: Context, hub: Hub, source: Source, modality: string | undefined): Promise<number> {
  const check = await unwrap(hub.client.POST('/sources/check', { body: { source, ...readModality(modality) } }))
  if (ctx.flags.json) ctx.json(check)
  else printSourceCheck(ctx, check)
  return check.ok ? exitCodes.ok : exitCodes.refused
}
