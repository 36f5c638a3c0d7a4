import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printOffering } from '../text/offering.ts'
import { wrongUse } from '../usage-error.ts'

const capabilities = ['streaming', 'tools', 'json', 'vision'] as const

export const offeringsProbe = defineCommand({
  name: 'offerings probe',
  summary: 'Ask an offering for one token; with --try also for what it can do',
  args: ['<id>'],
  options: {
    credential: { type: 'string', short: 'c', value: 'ID', description: 'Credential to ask with; needed' },
    try: {
      type: 'string',
      multiple: true,
      value: 'WHAT',
      description: `Also try one of ${capabilities.join(', ')}; each costs a short request`,
    },
  },
  routes: ['probeOffering'],
  run: async (ctx, { positionals, values }) => {
    const { credential } = values
    if (credential === undefined) throw wrongUse('A probe needs --credential.', 'List them: modelhub credentials ls')
    const wanted = (values.try ?? []).map((text) => {
      const found = capabilities.find((one) => one === text)
      if (found === undefined) throw wrongUse(`--try takes one of: ${capabilities.join(', ')}.`)
      return found
    })
    const path = { id: positionals[0] ?? '' }
    const hub = await ctx.hub()
    const offering = await unwrap(
      hub.client.POST('/offerings/{id}/probe', { params: { path }, body: { credential, capabilities: wanted } }),
    )
    if (ctx.flags.json) ctx.json(offering)
    else printOffering(ctx, offering)
    return offering.probe?.live === true ? exitCodes.ok : exitCodes.refused
  },
})
