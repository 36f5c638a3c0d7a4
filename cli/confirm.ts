import type { Context } from './context.ts'
import { wrongUse } from './usage-error.ts'

/** Asks before something that cannot be taken back. Without a terminal only --yes counts. */
export async function confirm(ctx: Context, question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) return true
  if (!ctx.terminal.input) throw wrongUse(`${question} Nobody can be asked here.`, 'Add --yes to go ahead.')
  const answer = await ctx.ask(`${question} [y/N] `)
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}
