import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { versionToChange } from '../version-reference.ts'

export const publish = defineCommand({
  name: 'publish',
  summary: 'Publish a version: applications can call it by the name of the model',
  args: ['<version>'],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why' },
    'no-evidence-because': {
      type: 'string',
      value: 'TEXT',
      description: 'Why it may do without benchmark or evaluation',
    },
  },
  routes: ['publishVersion'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const noEvidenceBecause = values['no-evidence-because']
    const version = await unwrap(
      hub.client.POST('/versions/{id}/publish', {
        params: { path: { id } },
        body: {
          ...(values.reason === undefined ? {} : { reason: values.reason }),
          ...(noEvidenceBecause === undefined ? {} : { noEvidenceBecause }),
        },
      }),
    )
    if (ctx.flags.json) ctx.json(version)
    else {
      for (const line of versionOutcome(version)) ctx.line(line)
      if (version.hosted?.gateway.speaks !== false) ctx.line(`Call it: modelhub chat ${version.modelName}`)
    }
    return exitCodes.ok
  },
})
