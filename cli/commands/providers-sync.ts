import { type components, unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { count } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

export const providersSync = defineCommand({
  name: 'providers sync',
  summary: "Read a provider's own list with a credential",
  args: ['<provider>'],
  options: { credential: { type: 'string', short: 'c', value: 'ID', description: 'Credential to ask with; needed' } },
  routes: ['syncProvider'],
  run: async (ctx, { positionals, values }) => {
    const { credential } = values
    if (credential === undefined) throw wrongUse('A sync needs --credential.', 'List them: modelhub credentials ls')
    const kind = positionals[0] ?? ''
    const hub = await ctx.hub()
    const outcome = await unwrap(
      hub.client.POST('/providers/{kind}/sync', { params: { path: { kind } }, body: { credential } }),
    )
    if (ctx.flags.json) {
      ctx.json(outcome)
      return exitCodes.ok
    }
    const { created, changed, unchanged, notVisible, diff } = outcome
    ctx.line(`${count(outcome.listed, 'model')}: ${created} new, ${changed} changed, ${unchanged} as before.`)
    for (const model of diff.created) ctx.line(`new      ${model}`)
    for (const { model, fields, values } of diff.changed) {
      ctx.line(`changed  ${model}: ${(values?.map(saidOf) ?? fields).join(', ')}`)
    }
    if (notVisible > 0) ctx.line(`${count(notVisible, 'model')} listed before and not visible now:`)
    for (const model of diff.notVisible) ctx.line(`hidden   ${model}`)
    for (const problem of outcome.problems) ctx.note(`not read: ${problem}`)
    return exitCodes.ok
  },
})

type Change = components['schemas']['ValueChange']

/** `inputPrice 1 → 1.5`; what was not said, or is not any more, is "unknown". */
const saidOf = ({ field, before, after }: Change): string => `${field} ${word(before)} → ${word(after)}`
const word = (value: Change['before']): string =>
  value === null ? 'unknown' : Array.isArray(value) ? value.join('+') : String(value)
