import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { wrongUse } from '../usage-error.ts'
import { versionToChange } from '../version-reference.ts'

const answers = ['yes', 'no', 'conditional', 'unclear'] as const

export const licenseAnswer = defineCommand({
  name: 'license answer',
  summary: 'Answer one of the 22 license questions of a version in place of the rules, or take that back',
  args: ['<version>', '<question>', '[answer]'],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why; needed' },
    computed: { type: 'boolean', description: 'Take the answer of a person back: what the rules say counts again' },
  },
  notes: [
    'QUESTION is its number, 1 to 22, or its id, such as monetize; modelhub show VERSION --license lists them. ANSWER is yes, no, conditional or unclear.',
    'It is about the license text that is there now and ends when that changes. The computed answer stays beside it.',
  ],
  routes: ['answerLicenseQuestion', 'removeLicenseAnswer'],
  run: async (ctx, { values, positionals }) => {
    const [reference = '', asked = '', given] = positionals
    const { reason } = values
    if (reason === undefined || reason.trim() === '') throw wrongUse('An answer needs its reason.', 'Add --reason "…".')
    const answer = answers.find((one) => one === given)
    if ((answer === undefined) === (values.computed !== true) || (given !== undefined && answer === undefined))
      throw wrongUse('Give either an answer or --computed.', 'Write yes, no, conditional or unclear.')
    const hub = await ctx.hub()
    const id = await versionToChange(hub, reference)
    const license = await unwrap(hub.client.GET('/versions/{id}/license', { params: { path: { id } } }))
    const question = license.answers.find((one) => one.id === asked || String(one.number) === asked)
    if (question === undefined)
      throw wrongUse(`"${asked}" is none of the 22 questions.`, 'Give its number, 1 to 22, or its id.')
    if (answer !== undefined) {
      const recorded = await unwrap(
        hub.client.POST('/versions/{id}/license/answers', {
          params: { path: { id } },
          body: { question: question.id, answer, reason },
        }),
      )
      if (ctx.flags.json) ctx.json(recorded)
      else
        ctx.line(
          `${question.question} ${recorded.answer}, answered by ${recorded.answeredBy} instead of ${recorded.insteadOf} (${recorded.id})`,
        )
      return exitCodes.ok
    }
    if (question.person == null)
      throw wrongUse(`Nobody answers "${question.question}" in place of the rules.`, 'See modelhub license answers.')
    const left = await unwrap(
      hub.client.POST('/versions/{id}/license/answers/{answer}/remove', {
        params: { path: { id, answer: question.person.id } },
        body: { reason },
      }),
    )
    if (ctx.flags.json) ctx.json(left)
    else
      ctx.line(`${question.question} ${left.answers.find((one) => one.id === question.id)?.answer ?? ''}, by the rules`)
    return exitCodes.ok
  },
})
