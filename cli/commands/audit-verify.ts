import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const auditVerify = defineCommand({
  name: 'audit verify',
  summary: 'Recompute the chain of audit events and name the first that does not fit',
  args: [],
  options: {},
  notes: ['Exit code: 0 the chain holds, 1 it does not.'],
  routes: ['verifyAudit'],
  run: async (ctx) => {
    const hub = await ctx.hub()
    const answer = await unwrap(hub.client.GET('/audit/verify'))
    if (ctx.flags.json) ctx.json(answer)
    else {
      ctx.line(`${answer.ok ? 'ok' : 'fail'}  ${answer.message}`)
      if (answer.firstBad !== null) {
        ctx.line(`  event #${answer.firstBad.seq} ${answer.firstBad.problem}: ${answer.firstBad.message}`)
      }
      ctx.line(`  ${answer.events} events, head ${answer.head ?? 'none'}`)
    }
    return answer.ok ? exitCodes.ok : exitCodes.refused
  },
})
