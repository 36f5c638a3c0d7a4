import { useState } from 'react'
import type { Schema } from '../../app/client.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { StatusChip } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { stateStatus } from '../../ui/status.ts'
import { Time } from '../../ui/time.tsx'
import { useActivity, type Version } from './use-model.ts'

const words = text.model.activity

export function TabActivity({ version }: { version: Version }) {
  const activity = useActivity(version)
  const [filter, setFilter] = useState<'all' | 'transitions'>('all')
  const items = activity.data?.pages.flatMap((page) => page.items) ?? []
  if (activity.isError) return <ProblemBox error={activity.error} onRetry={() => void activity.refetch()} />
  if (activity.isPending) return <SkeletonCard lines={6} />
  if (items.length === 0) return <Empty title={words.empty} />
  const shown = filter === 'all' ? items : items.filter((item) => item.to !== null)
  return (
    <div className="grid gap-3">
      <div>
        <Segmented
          label={words.filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: words.filters.all },
            { value: 'transitions', label: words.filters.transitions },
          ]}
          value={filter}
        />
      </div>
      <ol aria-label={words.caption} className="rounded-card border border-line bg-surface">
        {shown.map((item) => (
          <ActivityRow item={item} key={item.id} />
        ))}
      </ol>
      <ShowMore
        busy={activity.isFetchingNextPage}
        hasMore={activity.hasNextPage}
        onMore={() => void activity.fetchNextPage()}
        shown={shown.length}
      />
    </div>
  )
}

function ActivityRow({ item }: { item: Schema<'ActivityItem'> }) {
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-1 border-b border-line px-4 py-3 last:border-b-0">
      <div className="min-w-0 grow basis-64">
        <p className="font-medium break-words">{item.summary}</p>
        {item.reason !== null && <p className="break-words text-fg-2">{words.reason(item.reason)}</p>}
        <p className="mt-0.5 text-xs text-fg-3">
          {item.actor.name} · <Time at={item.at} full /> · {words.event(count(item.seq))} · <code>{item.action}</code>
        </p>
        {item.evidence !== null && Object.keys(item.evidence).length > 0 && (
          <details className="mt-1">
            <summary className="w-fit rounded-tag text-xs text-accent-fg">{words.evidence}</summary>
            <pre className="mt-1 max-w-full overflow-x-auto rounded-control bg-sunken p-2.5 text-xs whitespace-pre-wrap break-words">
              {JSON.stringify(item.evidence, null, 2)}
            </pre>
          </details>
        )}
      </div>
      {item.to !== null && (
        <span className="flex items-center gap-2">
          {item.from !== null && (
            <>
              <span className="text-xs text-fg-3">{stateStatus(item.from).label}</span>
              <Icon className="text-fg-3" name="arrow-right" size={13} />
            </>
          )}
          <StatusChip
            status={{
              ...stateStatus(item.to),
              icon: item.to === 'ingesting' ? 'arrow-down' : stateStatus(item.to).icon,
            }}
          />
        </span>
      )}
    </li>
  )
}
