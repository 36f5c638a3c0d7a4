import { unwrap } from '../../sdk/index.ts'
import { choiceOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { expiryOption } from '../expiry.ts'
import { relative } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'
import { versionToChange } from '../version-reference.ts'

export const approve = defineCommand({
  name: 'approve',
  summary: 'Record a decision on publishing a version or on its open findings',
  args: ['<version>'],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why; needed' },
    for: { type: 'string', value: 'SUBJECT', description: 'publish (default) or findings' },
    expires: { type: 'string', value: 'WHEN', description: 'A date or a span such as 30d; needed for findings' },
    reject: { type: 'boolean', description: 'Reject instead of approve' },
  },
  routes: ['createApproval'],
  run: async (ctx, { values, positionals }) => {
    const { reason } = values
    if (reason === undefined || reason.trim() === '')
      throw wrongUse('A decision needs its reason.', 'Add --reason "…".')
    const subject = choiceOption(values.for, 'for', ['publish', 'findings']) ?? 'publish'
    const expiresAt = expiryOption(values.expires, 'expires', ctx.clock.now())
    const decision = values.reject === true ? 'rejected' : 'approved'
    if (subject === 'findings' && decision === 'approved' && expiresAt === undefined) {
      throw wrongUse('An approval of findings needs an end.', 'Add --expires 90d, or a date at most one year ahead.')
    }
    const hub = await ctx.hub()
    const version = await versionToChange(hub, positionals[0] ?? '')
    const approval = await unwrap(
      hub.client.POST('/approvals', {
        body: { version, subject, decision, reason, ...(expiresAt === undefined ? {} : { expiresAt }) },
      }),
    )
    if (ctx.flags.json) ctx.json(approval)
    else {
      const until = approval.expiresAt === null ? '' : `, ends ${relative(approval.expiresAt, ctx.clock.now())}`
      ctx.line(`${approval.subject} ${approval.state}: ${approval.reason} (${approval.id}${until})`)
      for (const finding of approval.findings) ctx.line(`  covers ${finding}`)
    }
    return exitCodes.ok
  },
})
