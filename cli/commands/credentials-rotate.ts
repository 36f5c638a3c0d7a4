import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { fieldOptions, findProvider, readFields } from '../credential-fields.ts'
import { exitCodes } from '../exit-codes.ts'
import { printCredential } from '../text/credential.ts'

export const credentialsRotate = defineCommand({
  name: 'credentials rotate',
  summary: 'Replace the secret of a credential; its id stays',
  args: ['<id>'],
  options: fieldOptions,
  notes: ['The new secret comes from standard input or an environment variable, never from an argument.'],
  routes: ['rotateCredential'],
  run: async (ctx, { positionals, values }) => {
    const path = { id: positionals[0] ?? '' }
    const hub = await ctx.hub()
    const { kind } = await unwrap(hub.client.GET('/credentials/{id}', { params: { path } }))
    const fields = await readFields(ctx, await findProvider(hub, kind), values, true)
    const rotated = await unwrap(
      hub.client.PUT('/credentials/{id}/secret', { params: { path }, body: { fields, force: values.force === true } }),
    )
    if (ctx.flags.json) ctx.json(rotated)
    else printCredential(ctx, rotated)
    return exitCodes.ok
  },
})
