import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { wrongUse } from '../usage-error.ts'

export const setup = defineCommand({
  name: 'setup',
  summary: 'Make the first administrator, or say whether one is needed',
  args: [],
  options: {
    token: { type: 'string', value: 'TOKEN', description: 'From the one-time link that the first start prints' },
    name: { type: 'string', value: 'NAME', description: 'Name of the administrator' },
    email: { type: 'string', value: 'EMAIL', description: 'E-mail address to sign in with' },
  },
  notes: ['The password is read from standard input, so that it appears in no list of processes.'],
  routes: ['getSetup', 'completeSetup'],
  run: async (ctx, { values }) => {
    const hub = await ctx.hub()
    if (values.token === undefined) {
      const status = await unwrap(hub.client.GET('/setup'))
      if (ctx.flags.json) ctx.json(status)
      else if (status.needed) ctx.line('No administrator yet. Open the one-time link that the first start printed.')
      else ctx.line('The hub has its administrator.')
      return exitCodes.ok
    }
    if (values.name === undefined || values.email === undefined)
      throw wrongUse('setup --token needs --name and --email.')
    if (ctx.terminal.input) {
      throw wrongUse(
        'The password is read from standard input, and a terminal would show it.',
        'Pipe it in, or open the one-time link in a browser.',
      )
    }
    const password = (await ctx.readInput()).replace(/\r?\n$/, '')
    const { token, name, email } = values
    const answer = await unwrap(hub.client.POST('/setup', { body: { token, name, email, password } }))
    if (ctx.flags.json) ctx.json(answer)
    else ctx.line(`${answer.viewer?.name ?? name} is now administrator of ${hub.url}.`)
    return exitCodes.ok
  },
})
