import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { expiryOption } from '../expiry.ts'
import { relative } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

export const tokensCreate = defineCommand({
  name: 'tokens create',
  summary: 'Make an access token for the API and the Hugging Face door; its value is shown once',
  args: [],
  options: {
    name: { type: 'string', value: 'NAME', description: 'What the token is for; needed' },
    expires: { type: 'string', value: 'WHEN', description: 'A date or a span such as 30d' },
  },
  routes: ['createToken'],
  run: async (ctx, { values }) => {
    const { name } = values
    if (name === undefined) throw wrongUse('A token needs a name.', 'Add --name "what it is for".')
    const expiresAt = expiryOption(values.expires, 'expires', ctx.clock.now())
    const hub = await ctx.hub()
    const created = await unwrap(
      hub.client.POST('/tokens', { body: { name, ...(expiresAt === undefined ? {} : { expiresAt }) } }),
    )
    if (ctx.flags.json) {
      ctx.json(created)
      return exitCodes.ok
    }
    // The value alone on standard output, so that HF_TOKEN=$(modelhub tokens create …) works.
    ctx.line(created.token)
    const { expiresAt: end } = created.record
    const ends = end === null ? 'no end' : `ends ${relative(end, ctx.clock.now())}`
    ctx.note(`${created.record.name} (${created.id}): has your rights; ${ends}. The value is not shown again.`)
    return exitCodes.ok
  },
})
