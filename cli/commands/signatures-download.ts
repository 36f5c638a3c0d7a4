import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionToShow } from '../version-reference.ts'
import { documentOptions, writeDocument } from '../write-document.ts'

export const signaturesDownload = defineCommand({
  name: 'signatures download',
  summary: 'The signature of the hub over a published version, as a Sigstore bundle of OpenSSF Model Signing',
  args: ['<version>'],
  options: documentOptions,
  notes: ['With the files and the key of the hub (modelhub signatures key) it is verified by: modelhub verify'],
  routes: ['getVersionSignature'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const bundle = await unwrap(hub.client.GET('/versions/{id}/signature', { params: { path: { id } } }))
    await writeDocument(ctx, bundle, values)
    return exitCodes.ok
  },
})
