import type { UseQueryResult } from '@tanstack/react-query'
import { text } from '../../text.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { AboutCard } from './about-card.tsx'
import { EvidenceTiles } from './evidence-tiles.tsx'
import { FactsCard } from './facts-card.tsx'
import { ReadinessCard } from './readiness-card.tsx'
import { SnippetCard } from './snippet-card.tsx'
import type { Actions } from './use-actions.ts'
import type { Model, Readiness, Version } from './use-model.ts'

export function TabOverview({
  model,
  version,
  actions,
  readinessQuery,
}: {
  model: Model
  version: Version
  actions: Actions
  readinessQuery: UseQueryResult<Readiness>
}) {
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_23rem]">
      <div className="grid min-w-0 grid-cols-1 gap-4">
        {version.state === 'archived' && (
          <p className="flex items-start gap-2.5 rounded-card border border-line bg-surface p-4 text-fg-2">
            <Icon className="mt-px" name="archive" />
            <span>
              {version.stateReason !== null && (
                <span className="block font-medium text-fg">{version.stateReason.message}</span>
              )}
              {text.model.archivedBanner}
            </span>
          </p>
        )}
        {version.state === 'needs_attention' &&
          version.stateReason !== null &&
          !saidByScan(version.stateReason.code) && (
            <div className="flex items-start gap-2.5 rounded-card border border-warn-line bg-warn-soft p-4">
              <Icon className="mt-px text-warn-fg" name="alert" />
              <div className="min-w-0">
                <p className="font-semibold break-words">{version.stateReason.message}</p>
                {version.stateReason.remedy !== undefined && (
                  <p className="mt-1 text-fg-2">{version.stateReason.remedy}</p>
                )}
                <code className="mt-1 block text-xs text-fg-2">{version.stateReason.code}</code>
              </div>
            </div>
          )}
        {readinessQuery.isError ? (
          <ProblemBox error={readinessQuery.error} onRetry={() => void readinessQuery.refetch()} />
        ) : readinessQuery.data === undefined ? (
          <SkeletonCard lines={4} />
        ) : (
          version.state !== 'archived' && <ReadinessCard actions={actions} readiness={readinessQuery.data} />
        )}
        <EvidenceTiles version={version} />
        <AboutCard model={model} version={version} />
      </div>
      <div className="grid min-w-0 grid-cols-1 gap-4">
        <SnippetCard version={version} />
        <FactsCard model={model} version={version} />
      </div>
    </div>
  )
}

/** The checklist below gives the scan's reasons in full; the banner would only repeat them. */
const saidByScan = (code: string) => code === 'findings_open' || code === 'scan_incomplete'
