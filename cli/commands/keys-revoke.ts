import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const keysRevoke = defineCommand({
  name: 'keys revoke',
  summary: 'Revoke a key; gateways refuse it within two seconds',
  args: ['<id>'],
  options: {},
  routes: ['revokeKey'],
  run: async (ctx, { positionals }) => {
    const id = positionals[0] ?? ''
    const hub = await ctx.hub()
    await unwrap(hub.client.DELETE('/keys/{id}', { params: { path: { id } } }))
    if (ctx.flags.json) ctx.json({ id, revoked: true })
    else ctx.line(`${id} is revoked.`)
    return exitCodes.ok
  },
})
