import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useRowKeys } from '../../app/use-row-keys.ts'
import { count, halfWidth, points } from '../../format.ts'
import { text } from '../../text.ts'
import { StatusText } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { OriginDot } from '../../ui/origin-dot.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { runStatus } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { type Evaluation, useEvaluations } from './use-evaluations.ts'

const words = text.evaluations

/** Runs of the hub, or of one version. */
export function EvaluationList({
  versionId,
  empty,
  action,
}: {
  versionId?: string
  empty: string
  action?: ReactNode
}) {
  const runs = useEvaluations(versionId)
  const navigate = useNavigate()
  const items = (runs.data?.pages.flatMap((page) => page.items) ?? []) as Evaluation[]
  const rows = useRowKeys(items.length, (index) => {
    const run = items[index]
    if (run !== undefined) void navigate({ to: '/evaluations/$runId', params: { runId: run.id } })
  })
  useShortcuts(rows.keys)
  if (runs.isError) return <ProblemBox error={runs.error} onRetry={() => void runs.refetch()} />
  if (runs.isPending) return <SkeletonRows />
  if (items.length === 0) {
    return (
      <Empty action={action} title={words.emptyTitle}>
        {empty}
      </Empty>
    )
  }
  return (
    <div className="grid gap-3">
      {action != null && <div className="flex justify-end">{action}</div>}
      <Table caption={words.caption}>
        <thead>
          <tr>
            <Th>{words.columns.model}</Th>
            <Th className="max-md:hidden">{words.columns.task}</Th>
            <Th>{words.columns.state}</Th>
            <Th numeric>{words.columns.score}</Th>
            <Th className="max-md:hidden" numeric>
              {words.columns.items}
            </Th>
            <Th className="max-md:hidden" numeric>
              {words.columns.at}
            </Th>
          </tr>
        </thead>
        <tbody>
          {items.map((run, index) => (
            <Row active={index === rows.active} key={run.id} run={run} />
          ))}
        </tbody>
      </Table>
      <ShowMore
        busy={runs.isFetchingNextPage}
        hasMore={runs.hasNextPage}
        onMore={() => void runs.fetchNextPage()}
        shown={items.length}
      />
    </div>
  )
}

function Row({ run, active }: { run: Evaluation; active: boolean }) {
  return (
    <Tr className="relative" data-row selected={active}>
      <Td className="max-w-72">
        <Link
          className="block truncate font-medium after:absolute after:inset-0"
          params={{ runId: run.id }}
          to="/evaluations/$runId"
        >
          {run.modelName}
        </Link>
        <span className="text-xs text-fg-3">{text.common.version(run.versionNumber)}</span>
      </Td>
      <Td className="text-fg-2 max-md:hidden">{run.taskTitle}</Td>
      <Td>
        <StatusText status={runStatus(run.state)} />
      </Td>
      <Td className="whitespace-nowrap" numeric>
        {run.score === null ? (
          <span className="text-fg-3">{text.common.notApplicable}</span>
        ) : (
          <>
            <strong className="font-semibold">{points(run.score)}</strong>{' '}
            {run.standardError !== null && <span className="text-xs text-fg-3">±{halfWidth(run.standardError)}</span>}{' '}
            <OriginDot at={run.createdAt} origin="measured" source={words.measured(run.id)} />
          </>
        )}
      </Td>
      <Td className="text-fg-2 max-md:hidden" numeric>
        {words.items(count(run.itemsDone), count(run.itemsTotal))}
      </Td>
      <Td className="text-fg-2 max-md:hidden" numeric>
        <Time at={run.createdAt} />
      </Td>
    </Tr>
  )
}
