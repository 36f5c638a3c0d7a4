import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { fieldOptions, findProvider, readFields } from '../credential-fields.ts'
import { exitCodes } from '../exit-codes.ts'
import { printCredential } from '../text/credential.ts'

export const credentialsCreate = defineCommand({
  name: 'credentials create',
  summary: 'Store a credential of a provider; it is tested first',
  args: ['<provider>'],
  options: {
    name: { type: 'string', value: 'NAME', description: "What it is called; the provider's kind otherwise" },
    project: { type: 'string', value: 'PROJECT', description: 'Project id or name' },
    ...fieldOptions,
  },
  notes: [
    'The secret comes from standard input or an environment variable, never from an argument:',
    '  modelhub credentials create openai --env apiKey=OPENAI_API_KEY',
    '  modelhub credentials create vertex -f project=p -f region=europe-west4 < key.json',
  ],
  routes: ['createCredential'],
  run: async (ctx, { positionals, values }) => {
    const hub = await ctx.hub()
    const provider = await findProvider(hub, positionals[0] ?? '')
    const { project } = values
    const made = await unwrap(
      hub.client.POST('/credentials', {
        body: {
          kind: provider.kind,
          name: values.name ?? provider.kind,
          fields: await readFields(ctx, provider, values),
          force: values.force === true,
          ...(project === undefined ? {} : { project }),
        },
      }),
    )
    if (ctx.flags.json) ctx.json(made)
    else printCredential(ctx, made)
    return exitCodes.ok
  },
})
