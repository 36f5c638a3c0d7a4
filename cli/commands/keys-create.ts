import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { expiryOption } from '../expiry.ts'
import { relative } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

export const keysCreate = defineCommand({
  name: 'keys create',
  summary: 'Make a gateway key; its value is shown once',
  args: [],
  options: {
    name: { type: 'string', value: 'NAME', description: 'What the key is for; needed' },
    model: {
      type: 'string',
      short: 'm',
      multiple: true,
      value: 'MODEL',
      description: 'Only this route; all that the project sees otherwise',
    },
    project: { type: 'string', value: 'PROJECT', description: 'Project id or name' },
    expires: { type: 'string', value: 'WHEN', description: 'A date or a span such as 30d' },
  },
  routes: ['createKey'],
  run: async (ctx, { values }) => {
    const { name, model, project } = values
    if (name === undefined) throw wrongUse('A key needs a name.', 'Add --name "what it is for".')
    const expiresAt = expiryOption(values.expires, 'expires', ctx.clock.now())
    const hub = await ctx.hub()
    const created = await unwrap(
      hub.client.POST('/keys', {
        body: {
          name,
          ...(model === undefined ? {} : { models: model }),
          ...(project === undefined ? {} : { project }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        },
      }),
    )
    if (ctx.flags.json) {
      ctx.json(created)
      return exitCodes.ok
    }
    // The value alone on standard output, so that KEY=$(modelhub keys create …) works.
    ctx.line(created.key)
    const models = created.record.models?.join(', ') ?? 'every route its project sees'
    const ends =
      created.record.expiresAt === null ? 'no end' : `ends ${relative(created.record.expiresAt, ctx.clock.now())}`
    ctx.note(`${created.record.name} (${created.id}): ${models}; ${ends}. The value is not shown again.`)
    return exitCodes.ok
  },
})
