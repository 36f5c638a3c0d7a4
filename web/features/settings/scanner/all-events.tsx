import { Card, CardHead } from '../../../ui/card.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { EventList } from '../../model/owner-events/event-list.tsx'
import { useOwnerEvents } from '../../model/owner-events/use-owner-events.ts'
import { scannerWords as words } from './words.ts'

/** What owners of all versions should hear of. */
export function AllEvents() {
  const events = useOwnerEvents(undefined)
  const items = events.data?.pages.flatMap((page) => page.items) ?? []
  if (events.isError) return <ProblemBox error={events.error} onRetry={() => void events.refetch()} />
  if (events.isPending) return <SkeletonCard lines={3} />
  return (
    <Card>
      <CardHead note={items.length > 0 && words.eventsNote} title={words.events} />
      {items.length === 0 ? (
        <p className="px-4 pb-4 text-fg-2">{words.eventsNone}</p>
      ) : (
        <EventList events={items} named />
      )}
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
