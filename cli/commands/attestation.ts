import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionToShow } from '../version-reference.ts'
import { documentOptions, writeDocument } from '../write-document.ts'

export const attestation = defineCommand({
  name: 'attestation',
  summary: 'What the hub found out about a version, as an in-toto statement signed by its key',
  args: ['<version>'],
  options: documentOptions,
  routes: ['getVersionAttestation'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const bundle = await unwrap(hub.client.GET('/versions/{id}/attestation', { params: { path: { id } } }))
    await writeDocument(ctx, bundle, values)
    return exitCodes.ok
  },
})
