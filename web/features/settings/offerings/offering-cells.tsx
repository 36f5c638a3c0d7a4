import { contextWindow, count, price } from '../../../format.ts'
import { text } from '../../../text.ts'
import { OriginDot } from '../../../ui/origin-dot.tsx'
import { offeringWords as words } from '../words.ts'
import { type FactField, factText, modalityText, type Offering, originOf } from './offering-facts.ts'

const Unknown = () => <span className="text-fg-3">{text.common.unknown}</span>

function Mark({ offering, field }: { offering: Offering; field: FactField }) {
  const fact = offering.facts[field]
  return fact === undefined ? null : <OriginDot at={fact.at} origin={originOf[fact.origin]} source={fact.source} />
}

/** US$ per million tokens with its mark; an unknown price is never zero. */
export function PriceValue({ offering, field }: { offering: Offering; field: 'inputPrice' | 'outputPrice' }) {
  const value = field === 'inputPrice' ? offering.price.input : offering.price.output
  if (value === null) return <Unknown />
  return (
    <>
      {price(value)} <Mark field={field} offering={offering} />
    </>
  )
}

export function ContextValue({ offering }: { offering: Offering }) {
  if (offering.context === null) return <Unknown />
  return (
    <>
      <span title={words.tokens(count(offering.context))}>{contextWindow(offering.context)}</span>{' '}
      <Mark field="context" offering={offering} />
    </>
  )
}

/** Text, Image → Text */
export function Modalities({ offering }: { offering: Offering }) {
  const { inputModalities: takes, outputModalities: gives } = offering
  if (takes === null && gives === null) return <Unknown />
  const whole = [takes, gives].map((list) => list?.map(modalityText).join(', ') ?? text.common.unknown)
  const short = [takes, gives].map((list) =>
    list === null
      ? text.common.unknown
      : list.length <= 2
        ? list.map(modalityText).join(', ')
        : words.more(modalityText(list[0] ?? ''), list.length - 1),
  )
  return (
    <span className="block truncate text-fg-2" title={whole.join(' → ')}>
      {short.join(' → ')} <Mark field={takes === null ? 'outputModalities' : 'inputModalities'} offering={offering} />
    </span>
  )
}

export function TextValue({ offering, field }: { offering: Offering; field: 'regions' | 'retention' }) {
  const fact = offering.facts[field]
  if (fact === undefined) return <Unknown />
  const whole = factText(field, fact.value)
  const list = Array.isArray(fact.value) ? fact.value : [whole]
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-fg-2" title={whole}>
      <span className="truncate">{list.length > 1 ? words.more(list[0] ?? '', list.length - 1) : whole}</span>
      <Mark field={field} offering={offering} />
    </span>
  )
}
