import type { ReactNode } from 'react'
import type { Schema } from '../../../app/client.ts'
import { contextWindow, count, day } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Tag } from '../../../ui/chip.tsx'
import { OriginMark } from '../../../ui/origin-mark.tsx'
import type { SourceCheck } from '../use-onboarding.ts'
import { factOrigins, priceWords } from '../wizard/offering-words.ts'
import { wizard } from '../words.ts'

type Hosted = NonNullable<SourceCheck['hosted']>
type Offering = Schema<'Offering'>

const words = wizard.hosted

/** What is known of a model elsewhere; every value says who said it and when, and what nobody said is unknown. */
export function CheckHosted({ hosted }: { hosted: Hosted }) {
  const { offering } = hosted
  return (
    <dl className="grid grid-cols-[7.5rem_1fr] gap-x-3 gap-y-2 border-t border-line px-4 py-3">
      <dt className="text-fg-3">{words.provider}</dt>
      <dd>{hosted.providerTitle}</dd>
      <dt className="text-fg-3">{words.model}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-1.5">
        <code className="text-xs break-all">{hosted.model}</code>
        {hosted.unlisted && <Tag title={words.unlistedNote}>{words.unlisted}</Tag>}
      </dd>
      {hosted.region !== null && (
        <>
          <dt className="text-fg-3">{words.region}</dt>
          <dd>{hosted.region}</dd>
        </>
      )}
      <Value field="inputPrice" label={words.inputPrice} offering={offering}>
        {offering?.price.input == null ? null : priceWords(offering.price.input)}
      </Value>
      <Value field="outputPrice" label={words.outputPrice} offering={offering}>
        {offering?.price.output == null ? null : priceWords(offering.price.output)}
      </Value>
      <Value field="context" label={words.context} offering={offering}>
        {offering?.context == null ? null : (
          <span title={words.tokens(count(offering.context))}>{words.tokens(contextWindow(offering.context))}</span>
        )}
      </Value>
      <Value field="inputModalities" label={words.takes} offering={offering}>
        {offering?.inputModalities == null ? null : offering.inputModalities.join(', ')}
      </Value>
      <Value field="outputModalities" label={words.gives} offering={offering}>
        {offering?.outputModalities == null ? null : offering.outputModalities.join(', ')}
      </Value>
      <Value field="regions" label={words.regions} offering={offering}>
        {offering?.regions == null ? null : offering.regions.join(', ')}
      </Value>
      <Value field="retention" label={words.retention} offering={offering}>
        {offering?.retention ?? null}
      </Value>
      {offering?.deprecation != null && (
        <>
          <dt className="text-fg-3">{words.deprecation}</dt>
          <dd className="text-warn-fg">
            {words.deprecated(
              offering.deprecation.date === null ? null : day(offering.deprecation.date),
              offering.deprecation.replacement,
            )}
          </dd>
        </>
      )}
      <dt className="text-fg-3">{words.gateway}</dt>
      <dd>{hosted.gateway.speaks ? words.reached : (hosted.gateway.reason ?? words.notReached)}</dd>
    </dl>
  )
}

function Value({
  label,
  field,
  offering,
  children,
}: {
  label: string
  field: string
  offering: Offering | null
  children: ReactNode
}) {
  const fact = offering?.facts[field]
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="min-w-0 break-words">
        {children === null ? (
          <span className="text-fg-3">{text.common.unknown}</span>
        ) : (
          <>
            {children}{' '}
            {fact !== undefined && <OriginMark at={fact.at} origin={factOrigins[fact.origin]} source={fact.source} />}
          </>
        )}
      </dd>
    </>
  )
}
