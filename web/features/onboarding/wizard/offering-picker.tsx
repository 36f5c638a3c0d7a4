import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { useDebounced } from '../../../app/use-debounced.ts'
import { contextWindow, count } from '../../../format.ts'
import { BusyLine } from '../../../ui/busy-line.tsx'
import { TextButton } from '../../../ui/button.tsx'
import { Tag } from '../../../ui/chip.tsx'
import { cx } from '../../../ui/cx.ts'
import { Input } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { OriginDot } from '../../../ui/origin-dot.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Bone } from '../../../ui/skeleton.tsx'
import { wizard } from '../words.ts'
import { factOrigins, price } from './offering-words.ts'
import { useOfferings } from './use-offerings.ts'

type Offering = Schema<'Offering'>

const words = wizard.cloud

/** The models of a provider with what is known of each; an id that is in no list can be taken as typed. */
export function OfferingPicker({
  provider,
  model,
  onChoose,
}: {
  provider: string
  model: string
  onChoose: (model: string, offering: Offering | null) => void
}) {
  const [typed, setTyped] = useState('')
  const rested = useDebounced(typed.trim(), 250)
  const list = useOfferings(provider, rested)
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  const total = list.data?.pages[0]?.total
  const exact = typed.trim() === '' || items.some((one) => one.model === typed.trim())
  return (
    <section aria-label={words.models} className="overflow-hidden rounded-card border border-line bg-surface">
      <div className="relative border-b border-line p-2">
        <Icon className="pointer-events-none absolute top-1/2 left-4.5 -translate-y-1/2 text-fg-3" name="search" />
        <Input
          aria-label={words.search}
          autoComplete="off"
          className="pl-8.5"
          maxLength={200}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            // Enter chooses here and must not send the form.
            if (event.key === 'Enter') event.preventDefault()
          }}
          placeholder={words.search}
          spellCheck={false}
          type="search"
          value={typed}
        />
      </div>
      <BusyLine busy={list.isPlaceholderData} />
      {list.isError ? (
        <div className="p-3">
          <ProblemBox error={list.error} onRetry={() => void list.refetch()} />
        </div>
      ) : list.data === undefined ? (
        <div className="skeleton grid gap-4 p-4">
          <Bone className="w-48" />
          <Bone className="w-64" />
          <Bone className="w-40" />
        </div>
      ) : (
        <div className="relative max-h-80 overflow-y-auto">
          <ul className="py-1">
            {items.map((one) => (
              <Row chosen={one.model === model} key={one.id} offering={one} onChoose={() => onChoose(one.model, one)} />
            ))}
          </ul>
          {items.length === 0 && <p className="px-4 py-3 text-fg-2">{typed === '' ? words.none : words.noMatch}</p>}
          {!exact && !list.isFetching && (
            <p className="border-t border-line px-4 py-2.5 text-fg-2">
              {words.unlistedLead}{' '}
              <TextButton onClick={() => onChoose(typed.trim(), null)}>{words.take(typed.trim())}</TextButton>
            </p>
          )}
          {items.length > 0 && (
            <div className="border-t border-line px-4 py-2">
              <ShowMore
                busy={list.isFetchingNextPage}
                hasMore={list.hasNextPage}
                onMore={() => void list.fetchNextPage()}
                shown={items.length}
                total={total}
              />
            </div>
          )}
        </div>
      )}
    </section>
  )
}

function Row({ offering, chosen, onChoose }: { offering: Offering; chosen: boolean; onChoose: () => void }) {
  const here = offering.usedBy.length
  return (
    <li>
      {/* Its words are its label; the rule does not look that deep. */}
      {/* oxlint-disable-next-line jsx-a11y/control-has-associated-label */}
      <button
        aria-pressed={chosen}
        className={cx(
          'grid min-h-11 w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2',
          chosen && 'bg-selected shadow-[inset_2px_0_0_var(--accent)]',
        )}
        onClick={onChoose}
        type="button"
      >
        <span className="min-w-0">
          <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
            <span className="min-w-0 truncate font-medium">{offering.name ?? offering.model}</span>
            {here > 0 && <Tag title={offering.usedBy.map((use) => use.name).join(', ')}>{words.here}</Tag>}
            {offering.unlisted && <Tag>{wizard.hosted.unlisted}</Tag>}
            {(offering.status === 'deprecated' || offering.status === 'retired') && (
              <span className="inline-flex items-center gap-1 text-xs text-warn-fg">
                <Icon name="alert" size={13} />
                {words.statuses[offering.status]}
              </span>
            )}
          </span>
          <code className="block truncate text-xs text-fg-3">{offering.model}</code>
        </span>
        <span className="grid justify-items-end text-xs text-fg-2">
          <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
            {priceOf(offering)}
            <Dot field="inputPrice" offering={offering} />
          </span>
          <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-fg-3">
            {offering.context === null ? (
              words.contextUnknown
            ) : (
              <span title={words.tokens(count(offering.context))}>{words.tokens(contextWindow(offering.context))}</span>
            )}
            <Dot field="context" offering={offering} />
          </span>
        </span>
      </button>
    </li>
  )
}

function priceOf({ price: { input, output } }: Offering): string {
  if (input === null && output === null) return words.priceUnknown
  const side = (value: number | null) => (value === null ? '?' : price(value))
  return words.prices(side(input), side(output))
}

function Dot({ offering, field }: { offering: Offering; field: string }) {
  const fact = offering.facts[field]
  return fact === undefined ? null : <OriginDot at={fact.at} origin={factOrigins[fact.origin]} source={fact.source} />
}
