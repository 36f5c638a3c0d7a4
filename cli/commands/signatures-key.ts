import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const signaturesKey = defineCommand({
  name: 'signatures key',
  summary: 'The public key by which others verify what this hub signed',
  args: [],
  options: {},
  routes: ['getSigningIdentity'],
  run: async (ctx) => {
    const hub = await ctx.hub()
    const key = await unwrap(hub.client.GET('/catalog/signing-key'))
    if (ctx.flags.json) ctx.json(key)
    else {
      ctx.line(key.publicKey.trimEnd())
      ctx.note(`${key.algorithm}, id ${key.keyId}`)
    }
    return exitCodes.ok
  },
})
