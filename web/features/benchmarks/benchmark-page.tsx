import { getRouteApi } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Card, CardHead } from '../../ui/card.tsx'
import { StatusChip } from '../../ui/chip.tsx'
import { Conditions } from '../../ui/conditions.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { runStatus } from '../../ui/status.ts'
import { Time } from '../../ui/time.tsx'
import { BenchmarkTiles } from './benchmark-tiles.tsx'
import { PercentileLadder } from './percentile-ladder.tsx'
import { TrustCard } from './trust-card.tsx'
import { type Benchmark, useBenchmark } from './use-benchmarks.ts'

const route = getRouteApi('/app/benchmarks/$runId')
const words = text.benchmarks

export function BenchmarkPage() {
  const { runId } = route.useParams()
  const query = useBenchmark(runId)
  const crumbs = [{ label: words.title, to: '/benchmarks' }]
  if (query.data !== undefined) return <BenchmarkView run={query.data} />
  return (
    <Page crumbs={crumbs} title={words.run(shortId(runId))}>
      <h1 className="sr-only">{words.title}</h1>
      {query.isError ? (
        <ProblemBox error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonCard lines={6} />
      )}
    </Page>
  )
}

function BenchmarkView({ run }: { run: Benchmark }) {
  const title = words.runTitle(run.modelName.split('/').at(-1) ?? run.modelName, run.spec.concurrency)
  const spec: [string, number | string][] = [
    [words.spec.concurrency, run.spec.concurrency],
    [words.spec.requests, run.spec.requests],
    [words.spec.warmup, run.spec.warmupRequests],
    [words.spec.maxTokens, run.spec.maxTokens],
    [words.spec.seed, run.spec.seed],
    [words.spec.timeout, `${run.spec.timeoutSeconds} s`],
  ]
  return (
    <Page
      crumbs={[
        { label: words.title, to: '/benchmarks' },
        { label: run.modelName, to: `/models/${run.modelName}@${run.versionNumber}` },
      ]}
      title={title}
    >
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-xl font-semibold break-words">{title}</h1>
        <StatusChip status={runStatus(run.state)} />
        <span className="inline-flex items-center gap-1 text-xs text-fg-3">
          {words.run(shortId(run.id))}
          <CopyButton label={words.copyId} small value={run.id} /> <Time at={run.createdAt} full />
        </span>
        {run.state === 'running' && run.jobId !== null && (
          <ButtonLink className="ml-auto" params={{ jobId: run.jobId }} to="/onboarding/$jobId">
            {words.follow}
          </ButtonLink>
        )}
      </div>
      {run.error !== null && (
        <div className="mb-4 rounded-card border border-fail-line bg-fail-soft p-4" role="alert">
          <p className="font-semibold break-words">{run.error.message}</p>
          {run.error.remedy !== undefined && <p className="mt-1 text-fg-2">{run.error.remedy}</p>}
          <code className="text-xs text-fg-2">{run.error.code}</code>
        </div>
      )}
      {run.result === null ? (
        run.error === null && (
          <p className="rounded-card border border-line bg-surface p-6 text-center text-fg-2">{words.waiting}</p>
        )
      ) : (
        <div className="grid gap-4">
          <BenchmarkTiles result={run.result} run={run} />
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <PercentileLadder result={run.result} />
            <div className="grid gap-4">
              <TrustCard result={run.result} verdict={run.verdict} />
              <Card>
                <CardHead title={words.spec.title} />
                <Conditions entries={spec} />
              </Card>
              <Card>
                <CardHead title={words.conditions.title} />
                <Conditions empty={words.conditions.none} entries={Object.entries(run.conditions)} />
              </Card>
            </div>
          </div>
        </div>
      )}
    </Page>
  )
}
