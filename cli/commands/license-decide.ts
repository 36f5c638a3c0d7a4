import { unwrap } from '../../sdk/index.ts'
import { choiceOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { expiryOption } from '../expiry.ts'
import { wrongUse } from '../usage-error.ts'
import { versionToChange } from '../version-reference.ts'

const purposes = ['internal', 'customer_product', 'api_resale', 'research'] as const

export const licenseDecide = defineCommand({
  name: 'license decide',
  summary: 'Record a decision about the license of a version, with its reason',
  args: ['<version>'],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why; needed' },
    purpose: { type: 'string', value: 'PURPOSE', description: `${purposes.join(', ')}; the profile's unless told` },
    conditions: { type: 'string', value: 'TEXT', description: 'What has to be kept' },
    expires: { type: 'string', value: 'WHEN', description: 'A date or a span such as 365d' },
    reject: { type: 'boolean', description: 'Reject instead of approve' },
  },
  routes: ['createLicenseDecision'],
  run: async (ctx, { values, positionals }) => {
    const { reason, conditions } = values
    if (reason === undefined || reason.trim() === '')
      throw wrongUse('A decision needs its reason.', 'Add --reason "…".')
    const purpose = choiceOption(values.purpose, 'purpose', purposes)
    const expiresAt = expiryOption(values.expires, 'expires', ctx.clock.now())
    const hub = await ctx.hub()
    const id = await versionToChange(hub, positionals[0] ?? '')
    const decision = await unwrap(
      hub.client.POST('/versions/{id}/license/decisions', {
        params: { path: { id } },
        body: {
          decision: values.reject === true ? 'rejected' : 'approved',
          reason,
          ...(purpose === undefined ? {} : { purpose }),
          ...(conditions === undefined ? {} : { conditions }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
        },
      }),
    )
    if (ctx.flags.json) ctx.json(decision)
    else
      ctx.line(`${decision.licenseId ?? 'unknown license'} ${decision.decision}: ${decision.reason} (${decision.id})`)
    return exitCodes.ok
  },
})
