import { Link } from '@tanstack/react-router'
import { text } from '../../../text.ts'
import { StatusText } from '../../../ui/chip.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { Time } from '../../../ui/time.tsx'
import { eventStatus, type OwnerEvent } from './use-owner-events.ts'
import { eventWords as words } from './words.ts'

/** Each with what happened, when, who should hear of it and what to do; `named` where they are of several versions. */
export function EventList({ events, named = false }: { events: readonly OwnerEvent[]; named?: boolean }) {
  return (
    <ul className="divide-y divide-line">
      {events.map((event) => (
        <li className="grid gap-0.5 px-4 py-2.5" key={event.id}>
          <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
            <StatusText status={eventStatus(event.kind)} />
            {named && (
              <Link
                className="min-w-0 rounded-tag font-medium break-words text-accent-fg hover:underline"
                params={{ _splat: `${event.modelName}@${event.number}` }}
                search={{ tab: 'security' }}
                to="/models/$"
              >
                {event.modelName} {text.common.version(event.number)}
              </Link>
            )}
            <span className="text-xs text-fg-3">
              <Time at={event.at} full />, {event.owner === null ? words.noOwner : words.owner(event.owner)}
            </span>
          </p>
          <p className="break-words text-fg-2">
            {event.message} {event.remedy !== null && <Sentence>{event.remedy}</Sentence>}
          </p>
        </li>
      ))}
    </ul>
  )
}
