import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { pairs } from '../text/table.ts'

export const whoami = defineCommand({
  name: 'whoami',
  summary: 'Say who the hub takes you for and what you may do',
  args: [],
  options: {},
  routes: ['getSession'],
  run: async (ctx) => {
    const hub = await ctx.hub()
    const answer = await unwrap(hub.client.GET('/session'))
    const { viewer } = answer
    if (ctx.flags.json) ctx.json(answer)
    else if (viewer === null) ctx.line(`Nobody: ${hub.url} got no token it knows. Set MODELHUB_TOKEN.`)
    else {
      ctx.line(
        pairs([
          ['name', `${viewer.name} (${viewer.id})`],
          ['as', viewer.type],
          ['e-mail', viewer.email],
          ['roles', viewer.roles.join(', ')],
          ['may', viewer.permissions.join(', ')],
          ['hub', hub.url],
        ]),
      )
    }
    return viewer === null ? exitCodes.refused : exitCodes.ok
  },
})
