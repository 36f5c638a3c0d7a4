import { invalid } from '../../kernel/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionToChange } from '../version-reference.ts'

export const licenseAccept = defineCommand({
  name: 'license accept',
  summary: 'Accept the license text of a version; recorded with person, time and digest',
  args: ['<version>'],
  options: {
    sha256: { type: 'string', value: 'DIGEST', description: 'Of the text that was read; the present one unless told' },
  },
  routes: ['acceptLicense'],
  run: async (ctx, { values, positionals }) => {
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const params = { path: { id } }
    const textSha256 = values.sha256 ?? (await unwrap(hub.client.GET('/versions/{id}/license', { params }))).fileSha256
    if (textSha256 === null) {
      throw invalid(
        'no_license_text',
        'The version has no license text to accept.',
        'Attach it: modelhub license attach',
      )
    }
    const accepted = await unwrap(hub.client.POST('/versions/{id}/license/accept', { params, body: { textSha256 } }))
    if (ctx.flags.json) ctx.json(accepted)
    else
      ctx.line(
        `accepted by ${accepted.acceptedBy}: ${accepted.licenseId ?? 'text'} ${accepted.textSha256.slice(0, 16)}`,
      )
    return exitCodes.ok
  },
})
