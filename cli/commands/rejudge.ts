import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { jobText } from '../jobs/job-lines.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { present } from '../present.ts'
import { pairs } from '../text/table.ts'
import { relative } from '../text/units.ts'

export const rejudge = defineCommand({
  name: 'rejudge',
  summary: 'Judge all versions again by the rules in force, from what is stored of their files',
  args: [],
  options: {
    status: { type: 'boolean', description: 'Only say by which rules everything was judged last' },
    'no-wait': { type: 'boolean', description: 'Do not wait for the job' },
  },
  notes: [
    'A hub that starts with other rules does this by itself. No file is opened, unless the scanner itself has changed.',
    'A version whose findings rise leaves service where the scan gate enforces; modelhub events ls says which.',
  ],
  routes: ['getRuleset', 'startRejudge'],
  run: async (ctx, { values }) => {
    const hub = await ctx.hub()
    if (values.status === true) {
      const status = await unwrap(hub.client.GET('/catalog/ruleset'))
      if (ctx.flags.json) ctx.json(status)
      else {
        const { judged } = status
        ctx.line(
          pairs([
            ['rules in force', `${status.ruleset}, scanner ${status.scanner}`],
            [
              'judged last',
              judged === null
                ? 'never'
                : `by ${judged.ruleset}, scanner ${judged.scanner}, ${relative(judged.at, ctx.clock.now())}`,
            ],
            ['to be read again', String(status.stale)],
          ]),
        )
      }
      return exitCodes.ok
    }
    const started = present(await unwrap(hub.client.POST('/catalog/rejudge')), 'the job')
    const job = values['no-wait'] === true ? started : await waitForJob(ctx, hub, started.id)
    if (ctx.flags.json) ctx.json(job)
    else ctx.line(jobText(job, ctx.clock.now()))
    return job.state === 'failed' || job.state === 'cancelled' ? exitCodes.refused : exitCodes.ok
  },
})
