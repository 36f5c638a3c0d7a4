import { unwrap } from '../../sdk/index.ts'
import type { Source } from '../api-types.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { readHardware, readModality } from '../hardware-options.ts'
import type { Hub } from '../hub.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { finishAdd } from './add-finish.ts'

/** What may be said about a model that is registered. */
export type AddValues = {
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

/** Registers one model and starts it unless told not to. */
export async function createOne(hub: Hub, source: Source, name: string, values: AddValues) {
  const { benchmark = false, evaluate = false, publish = false } = values
  const given = { ...readModality(values.modality), ...readHardware(values.prefer, values['memory-limit']) }
  return await unwrap(
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
}

/** Registers one model, waits for its onboarding unless told not to, and answers with the exit code. */
export async function addOne(ctx: Context, hub: Hub, source: Source, name: string, values: AddValues): Promise<number> {
  const created = await createOne(hub, source, name, values)
  const publish = values.publish === true
  if (created.job !== null && values['no-wait'] !== true) return finishAdd(ctx, hub, created, created.job, publish)
  if (ctx.flags.json) ctx.json(created)
  else {
    for (const line of versionOutcome(created.version)) ctx.line(line)
    if (created.job !== null) ctx.line(`Watch it: modelhub jobs ${created.job.id} --follow`)
    else ctx.line(`Start it: modelhub retry ${created.version.modelName}@${created.version.number}`)
  }
  return exitCodes.ok
}
