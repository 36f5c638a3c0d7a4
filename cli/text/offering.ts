import type { components } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import { pairs } from './table.ts'
import { relative } from './units.ts'

type Offering = components['schemas']['Offering']

export const offeringColumns = [
  { title: 'ID' },
  { title: 'PROVIDER' },
  { title: 'MODEL' },
  { title: 'IN', align: 'right' as const },
  { title: 'OUT', align: 'right' as const },
  { title: 'CONTEXT', align: 'right' as const },
  { title: 'NOTE' },
]

const price = (value: number | null): string | null => (value === null ? null : `$${value}`)

/** One line of a list; what is unknown stays empty. */
export function offeringRow(one: Offering): (string | null)[] {
  const notes = [
    one.unlisted ? 'unlisted' : '',
    one.visible === false ? 'not visible' : '',
    one.deprecation === null ? '' : ends(one.deprecation),
    one.disagreements.length > 0 ? 'sources disagree' : '',
  ]
  const context = one.context === null ? null : String(one.context)
  const note = notes.filter((text) => text !== '').join(', ')
  return [one.id, one.provider, one.model, price(one.price.input), price(one.price.output), context, note]
}

/** Everything that is known of an offering, with source and date of each value. */
export function printOffering(ctx: Context, one: Offering): void {
  const now = ctx.clock.now()
  ctx.line(
    pairs([
      ['id', one.id],
      ['offering', `${one.provider}/${one.model}${one.unlisted ? ' (unlisted)' : ''}`],
      ['visible', one.visible === null ? 'never listed with a credential' : one.visible ? 'yes' : 'not any more'],
      ['deprecation', one.deprecation === null ? null : ends(one.deprecation)],
    ]),
  )
  const facts = Object.entries(one.facts).map(
    ([field, fact]) => [field, `${shown(fact.value)}  (${fact.source}, ${relative(fact.at, now)})`] as const,
  )
  if (facts.length > 0) ctx.line(`\n${pairs(facts)}`)
  for (const { field, values } of one.disagreements) {
    ctx.line(`\nSources disagree on ${field}:`)
    for (const { value, source, at } of values) ctx.line(`  ${shown(value)}  (${source}, ${relative(at, now)})`)
  }
  const { probe } = one
  if (probe !== null) {
    ctx.line(`\nProbe ${relative(probe.at, now)}: ${probe.live ? `one token in ${probe.ms} ms` : probe.message}`)
    const tried = Object.entries(probe.capabilities).filter(([, can]) => can !== null)
    for (const [name, can] of tried) ctx.line(`  ${name}: ${can === true ? 'yes' : 'no'}`)
  }
  for (const { name, state } of one.usedBy) ctx.line(`used by ${name} (${state})`)
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

const ends = ({ date, replacement }: { date: string | null; replacement: string | null }): string =>
  `deprecated${date === null ? '' : `, ends ${date}`}${replacement === null ? '' : `, use ${replacement}`}`
