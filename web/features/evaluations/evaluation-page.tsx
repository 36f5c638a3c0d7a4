import { getRouteApi } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { count, halfWidth, percent, points, shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { Card, CardHead } from '../../ui/card.tsx'
import { StatusChip } from '../../ui/chip.tsx'
import { Conditions } from '../../ui/conditions.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { runStatus } from '../../ui/status.ts'
import { NoValue, Tile, Tiles } from '../../ui/tile.tsx'
import { Time } from '../../ui/time.tsx'
import { ItemExplorer } from './item-explorer.tsx'
import { type Evaluation, useEvaluation } from './use-evaluations.ts'

const route = getRouteApi('/app/evaluations/$runId')
const words = text.evaluations

export function EvaluationPage() {
  const { runId } = route.useParams()
  const query = useEvaluation(runId)
  if (query.data !== undefined) return <EvaluationView run={query.data as Evaluation} />
  return (
    <Page crumbs={[{ label: words.title, to: '/evaluations' }]} title={shortId(runId)}>
      <h1 className="sr-only">{words.title}</h1>
      {query.isError ? (
        <ProblemBox error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonCard lines={6} />
      )}
    </Page>
  )
}

function EvaluationView({ run }: { run: Evaluation }) {
  const title = words.runTitle(run.modelName.split('/').at(-1) ?? run.modelName, run.taskTitle)
  const mark = <OriginMark at={run.finishedAt ?? run.createdAt} origin="measured" source={words.measured(run.id)} />
  const none = <NoValue>{run.state === 'running' ? text.runStates.running : text.common.unknown}</NoValue>
  return (
    <Page
      crumbs={[
        { label: words.title, to: '/evaluations' },
        { label: run.modelName, to: `/models/${run.modelName}@${run.versionNumber}` },
      ]}
      title={title}
    >
      <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-xl font-semibold break-words">{title}</h1>
        <StatusChip status={runStatus(run.state)} />
        <span className="inline-flex items-center gap-1 text-xs text-fg-3">
          {text.benchmarks.run(shortId(run.id))}
          <CopyButton label={text.benchmarks.copyId} small value={run.id} /> <Time at={run.createdAt} full />
        </span>
      </div>
      {run.error !== null && (
        <div className="mb-4 rounded-card border border-fail-line bg-fail-soft p-4" role="alert">
          <p className="font-semibold break-words">{run.error.message}</p>
          {run.error.remedy !== undefined && <p className="mt-1 text-fg-2">{run.error.remedy}</p>}
          <code className="text-xs text-fg-2">{run.error.code}</code>
        </div>
      )}
      <div className="grid gap-4">
        <Tiles>
          <Tile
            label={words.score}
            {...(run.score === null
              ? { value: none }
              : {
                  value: points(run.score),
                  mark,
                  ...(run.standardError === null ? {} : { unit: `± ${halfWidth(run.standardError)}` }),
                })}
          />
          <Tile
            label={words.interval}
            note={words.intervalNote}
            value={
              run.interval95 === null ? (
                none
              ) : (
                <>
                  {points(run.interval95[0])}–{points(run.interval95[1])}
                </>
              )
            }
          />
          <Tile
            label={words.itemsTile}
            note={
              run.state === 'running' ? (
                <ProgressBar label={words.itemsTile} percent={percent(run.itemsDone, run.itemsTotal)} />
              ) : undefined
            }
            value={words.items(count(run.itemsDone), count(run.itemsTotal))}
          />
          <Tile label={words.seed} value={String(run.seed)} />
        </Tiles>
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
          <ItemExplorer run={run} />
          <Card>
            <CardHead title={words.conditions} />
            <Conditions
              entries={[
                [words.task, `${run.taskTitle} (${run.task})`],
                [words.taskVersion, run.taskVersion],
                [words.taskHash, run.taskHash],
                ...Object.entries(run.conditions),
              ]}
            />
          </Card>
        </div>
      </div>
    </Page>
  )
}
