import { unwrap } from '../../sdk/index.ts'
import { integerOption } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { present } from '../present.ts'
import { evaluationText } from '../text/evaluation.ts'
import { versionToChange } from '../version-reference.ts'

export const evalRun = defineCommand({
  name: 'eval run',
  summary: 'Evaluate a version on a task and print its score',
  args: ['<version>'],
  options: {
    task: { type: 'string', value: 'TASK', description: 'Task (default sequence-200); list them: modelhub tasks ls' },
    seed: { type: 'string', value: 'N', description: 'Seed of the run (default 1)' },
    'no-wait': { type: 'boolean', description: 'Do not wait for the result' },
  },
  routes: ['createEvaluation', 'getEvaluation'],
  run: async (ctx, { values, positionals }) => {
    const seed = integerOption(values.seed, 'seed', 0, 2_147_483_647) ?? 1
    const hub = await ctx.hub()
    const version = await versionToChange(hub, positionals[0] ?? '')
    const body = { version, seed, task: values.task ?? 'sequence-200' }
    const created = await unwrap(hub.client.POST('/evaluations', { body }))
    if (values['no-wait'] === true) {
      if (ctx.flags.json) ctx.json(created)
      else ctx.line(`${created.evaluation.id} started. See it: modelhub eval show ${created.evaluation.id}`)
      return exitCodes.ok
    }
    await waitForJob(ctx, hub, present(created.job, 'the job').id)
    const params = { params: { path: { id: created.evaluation.id } } }
    const evaluation = await unwrap(hub.client.GET('/evaluations/{id}', params))
    if (ctx.flags.json) ctx.json(evaluation)
    else ctx.line(evaluationText(evaluation, ctx.clock.now()))
    return evaluation.state === 'finished' ? exitCodes.ok : exitCodes.refused
  },
})
