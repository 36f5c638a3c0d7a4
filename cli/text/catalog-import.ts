import type { components } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import { count } from './units.ts'

/** Says what a catalog brought; rows that did not fit are named. */
export function printCatalogImport(ctx: Context, answer: components['schemas']['CatalogImport']): void {
  const { created, changed, unchanged, gone, deprecated, problemCount, problems } = answer
  ctx.line(
    `${count(answer.offerings, 'offering')} of ${count(answer.providers, 'provider')}: ${created} new, ${changed} changed, ${unchanged} as before.`,
  )
  if (gone > 0) ctx.line(`${count(gone, 'offering')} not in it any more.`)
  if (deprecated > 0) ctx.line(`${count(deprecated, 'offering')} deprecated since the last time.`)
  for (const { provider, model, usedBy } of answer.deprecatedInUse) {
    ctx.line(`deprecated and in use: ${provider}/${model} by ${usedBy.map(({ name }) => name).join(', ')}`)
  }
  if (problemCount > 0) ctx.note(`${count(problemCount, 'row')} could not be read:`)
  for (const { provider, model, problem } of problems)
    ctx.note(`  ${provider}${model === null ? '' : `/${model}`}: ${problem}`)
  if (problemCount > problems.length) ctx.note(`  … and ${problemCount - problems.length} more`)
}
