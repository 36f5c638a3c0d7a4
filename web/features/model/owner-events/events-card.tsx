import { Card, CardHead } from '../../../ui/card.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import type { Version } from '../use-model.ts'
import { EventList } from './event-list.tsx'
import { useOwnerEvents } from './use-owner-events.ts'
import { eventWords as words } from './words.ts'

/** What happened to a version by itself: findings that rose or went under new rules, damage. Nothing while nothing did. */
export function EventsCard({ version }: { version: Version }) {
  const events = useOwnerEvents(version)
  const items = events.data?.pages.flatMap((page) => page.items) ?? []
  if (events.isError) return <ProblemBox error={events.error} onRetry={() => void events.refetch()} />
  if (items.length === 0) return null
  return (
    <Card>
      <CardHead note={<span className="max-md:hidden">{words.note}</span>} title={words.title} />
      <EventList events={items} />
      {events.hasNextPage && (
        <div className="border-t border-line px-4 py-3">
          <ShowMore
            busy={events.isFetchingNextPage}
            hasMore
            onMore={() => void events.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </Card>
  )
}
