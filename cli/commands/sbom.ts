import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionToShow } from '../version-reference.ts'
import { documentOptions, writeDocument } from '../write-document.ts'

export const sbom = defineCommand({
  name: 'sbom',
  summary: 'A version as a CycloneDX 1.6 bill of materials, with its files, license, lineage and model card',
  args: ['<version>'],
  options: documentOptions,
  routes: ['getVersionSbom'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToShow(hub, positionals[0] ?? '')
    const document = await unwrap(hub.client.GET('/versions/{id}/sbom', { params: { path: { id } } }))
    await writeDocument(ctx, document, values)
    return exitCodes.ok
  },
})
