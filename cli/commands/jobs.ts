import { unwrap } from '../../sdk/index.ts'
import { choiceOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { jobText, tookText } from '../jobs/job-lines.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { notePage, pageOptions, pageQuery } from '../paging.ts'
import { present } from '../present.ts'
import { table } from '../text/table.ts'
import { relative } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

const states = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const

export const jobs = defineCommand({
  name: 'jobs',
  summary: 'List jobs; show, follow or cancel one',
  args: ['[id]'],
  options: {
    follow: { type: 'boolean', short: 'f', description: 'Watch the job until it ends' },
    cancel: { type: 'boolean', description: 'Cancel the job' },
    state: { type: 'string', value: 'STATE', description: `One of ${states.join(', ')}` },
    subject: { type: 'string', value: 'ID', description: 'Jobs on this version' },
    ...pageOptions,
  },
  routes: ['listJobs', 'getJob', 'streamJobEvents', 'cancelJob'],
  run: async (ctx, { values, positionals }) => {
    const id = positionals[0]
    if (id === undefined) {
      if (values.follow === true || values.cancel === true) throw wrongUse('Say which job: modelhub jobs <id>.')
      const state = choiceOption(values.state, 'state', states)
      return list(ctx, {
        ...pageQuery(values),
        ...(state === undefined ? {} : { state }),
        ...(values.subject === undefined ? {} : { subject: values.subject }),
      })
    }
    const hub = await ctx.hub()
    const params = { params: { path: { id } } }
    const answer =
      values.cancel === true
        ? await unwrap(hub.client.POST('/jobs/{id}/cancel', params))
        : await unwrap(hub.client.GET('/jobs/{id}', params))
    const job = values.follow === true ? await waitForJob(ctx, hub, id) : present(answer, 'the job')
    if (ctx.flags.json) ctx.json(job)
    else ctx.line(jobText(job, ctx.clock.now()))
    return values.follow === true && values.cancel !== true && job.state !== 'succeeded'
      ? exitCodes.refused
      : exitCodes.ok
  },
})

type Query = { limit: number; cursor?: string; state?: (typeof states)[number]; subject?: string }

async function list(ctx: Context, query: Query): Promise<number> {
  const hub = await ctx.hub()
  const page = await unwrap(hub.client.GET('/jobs', { params: { query } }))
  if (ctx.flags.json) {
    ctx.json(page)
    return exitCodes.ok
  }
  const rows = page.items
    .map((item) => present(item, 'a job'))
    .map((job) => [
      job.id,
      job.state,
      job.title,
      job.subjectName ?? job.subject,
      relative(job.createdAt, ctx.clock.now()),
      tookText(job),
    ])
  ctx.line(
    table(
      ['ID', 'STATE', 'JOB', 'ABOUT', 'CREATED', 'TOOK'].map((title) => ({ title })),
      rows,
    ),
  )
  notePage(ctx, page)
  return exitCodes.ok
}
