import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { wrongUse } from '../usage-error.ts'
import { versionToChange } from '../version-reference.ts'

export const licenseRemove = defineCommand({
  name: 'license remove',
  summary: 'Take back an attached license text or link; what was there stays in the record',
  args: ['<version>', '<attached-id>'],
  options: { reason: { type: 'string', value: 'TEXT', description: 'Why; needed' } },
  routes: ['removeLicense'],
  run: async (ctx, { values, positionals }) => {
    const [reference = '', file = ''] = positionals
    const { reason } = values
    if (reason === undefined || reason.trim() === '')
      throw wrongUse('Removing a license needs its reason.', 'Add --reason "…".')
    const hub = await ctx.hub()
    const id = await versionToChange(hub, reference)
    const left = await unwrap(
      hub.client.POST('/versions/{id}/license/files/{file}/remove', {
        params: { path: { id, file } },
        body: { reason },
      }),
    )
    if (ctx.flags.json) ctx.json(left)
    else ctx.line(`removed; the license is now ${left.license?.title ?? 'unknown'}`)
    return exitCodes.ok
  },
})
