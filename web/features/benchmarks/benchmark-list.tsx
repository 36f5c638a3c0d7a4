import { Link, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useShortcuts } from '../../app/shortcuts.ts'
import { useRowKeys } from '../../app/use-row-keys.ts'
import { count, latency, speed } from '../../format.ts'
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
import { type Benchmark, useBenchmarks } from './use-benchmarks.ts'

const words = text.benchmarks

/** Runs of the hub, or of one version. */
export function BenchmarkList({ versionId, empty, action }: { versionId?: string; empty: string; action?: ReactNode }) {
  const runs = useBenchmarks(versionId)
  const navigate = useNavigate()
  const items = runs.data?.pages.flatMap((page) => page.items) ?? []
  const rows = useRowKeys(items.length, (index) => {
    const run = items[index]
    if (run !== undefined) void navigate({ to: '/benchmarks/$runId', params: { runId: run.id } })
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
  const { columns } = words
  return (
    <div className="grid gap-3">
      {action != null && <div className="flex justify-end">{action}</div>}
      <Table caption={words.caption}>
        <thead>
          <tr>
            <Th>{columns.model}</Th>
            <Th className="max-md:hidden">{columns.load}</Th>
            <Th>{columns.state}</Th>
            <Th numeric>{columns.ttft}</Th>
            <Th className="max-md:hidden" numeric>
              {columns.tpot}
            </Th>
            <Th className="max-md:hidden" numeric>
              {columns.output}
            </Th>
            <Th className="max-lg:hidden" numeric>
              {columns.failed}
            </Th>
            <Th className="max-md:hidden" numeric>
              {columns.at}
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

function Row({ run, active }: { run: Benchmark; active: boolean }) {
  const { result } = run
  const figure = (value: number | null | undefined, write: (value: number) => string) =>
    value == null ? (
      <span className="text-fg-3">{result === null ? text.common.notApplicable : text.common.unknown}</span>
    ) : (
      <>
        {write(value)} <OriginDot at={run.createdAt} origin="measured" source={words.measured(run.id)} />
      </>
    )
  return (
    <Tr className="relative" data-row selected={active}>
      <Td className="max-w-72">
        <Link
          className="block truncate font-medium after:absolute after:inset-0"
          params={{ runId: run.id }}
          to="/benchmarks/$runId"
        >
          {run.modelName}
        </Link>
        <span className="text-xs text-fg-3">{text.common.version(run.versionNumber)}</span>
      </Td>
      <Td className="text-fg-2 max-md:hidden">{words.load(run.spec.concurrency, count(run.spec.requests))}</Td>
      <Td>
        <StatusText
          status={
            run.verdict === 'invalid-client'
              ? { tone: 'warn', icon: 'alert', label: words.verdicts['invalid-client'], quiet: false }
              : runStatus(run.state)
          }
        />
      </Td>
      <Td numeric>{figure(result?.ttftMs.p95, latency)}</Td>
      <Td className="max-md:hidden" numeric>
        {figure(result?.tpotMs.p50, latency)}
      </Td>
      <Td className="max-md:hidden" numeric>
        {figure(result?.outputTokensPerSecond, (value) => `${speed(value)} ${words.tiles.outputUnit}`)}
      </Td>
      <Td className="max-lg:hidden" numeric>
        {result === null ? text.common.notApplicable : count(result.failed)}
      </Td>
      <Td className="text-fg-2 max-md:hidden" numeric>
        <Time at={run.createdAt} />
      </Td>
    </Tr>
  )
}
