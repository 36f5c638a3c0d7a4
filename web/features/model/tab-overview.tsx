import type { UseQueryResult } from '@tanstack/react-query'
import { text } from '../../text.ts'
import { Icon } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { AboutCard } from './about-card.tsx'
import { EvidenceTiles } from './evidence-tiles.tsx'
import { FactsCard } from './facts-card.tsx'
import { HostedCard } from './hosted-card.tsx'
import { Notices } from './notices.tsx'
import { ReadinessCard } from './readiness-card.tsx'
import { SnippetCard } from './snippet-card.tsx'
import type { Actions } from './use-actions.ts'
import type { Model, Readiness, Version } from './use-model.ts'

export function TabOverview({
  model,
  version,
  actions,
  readinessQuery,
  onReplaceLink,
}: {
  model: Model
  version: Version
  actions: Actions
  readinessQuery: UseQueryResult<Readiness>
  onReplaceLink: () => void
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
        <Notices model={model} onReplaceLink={onReplaceLink} version={version} />
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
        {version.hosted !== null && <HostedCard hosted={version.hosted} />}
        <FactsCard model={model} version={version} />
      </div>
    </div>
  )
}
