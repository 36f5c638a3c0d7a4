import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { type Command, usePageCommands } from '../../app/commands.ts'
import { FreshLinkDialog } from '../../app/fresh-link-dialog.tsx'
import { Page } from '../../app/page.tsx'
import { type ModelTab, modelTabs } from '../../app/search.ts'
import { useShortcuts } from '../../app/shortcuts.ts'
import { text } from '../../text.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { publisherOf, shortName } from '../catalog/model-identity.tsx'
import { ModelHeader } from './model-header.tsx'
import { Stepper } from './stepper.tsx'
import { TabOverview } from './tab-overview.tsx'
import { TabsNav } from './tabs-nav.tsx'
import { answerOf, useActions } from './use-actions.ts'
import { type Model, useReadiness, type Version } from './use-model.ts'

const TabFiles = lazy(async () => ({ default: (await import('./tab-files.tsx')).TabFiles }))
const TabSecurity = lazy(async () => ({ default: (await import('./security/tab-security.tsx')).TabSecurity }))
const TabLicense = lazy(async () => ({ default: (await import('./license/tab-license.tsx')).TabLicense }))
const TabBenchmarks = lazy(async () => ({ default: (await import('./tab-benchmarks.tsx')).TabBenchmarks }))
const TabEvaluations = lazy(async () => ({ default: (await import('./tab-evaluations.tsx')).TabEvaluations }))
const TabLineage = lazy(async () => ({ default: (await import('./tab-lineage.tsx')).TabLineage }))
const TabVersions = lazy(async () => ({ default: (await import('./tab-versions.tsx')).TabVersions }))
const TabDeployments = lazy(async () => ({ default: (await import('./tab-deployments.tsx')).TabDeployments }))
const TabActivity = lazy(async () => ({ default: (await import('./tab-activity.tsx')).TabActivity }))

const route = getRouteApi('/app/models/$')

/** The one place for truth about a version. */
export function ModelView({ model, version }: { model: Model; version: Version }) {
  const { tab = 'overview' } = route.useSearch()
  const { _splat = '' } = route.useParams()
  const navigate = useNavigate()
  const readiness = useReadiness(version)
  const actions = useActions(model, version)
  const [replacing, setReplacing] = useState(false)
  const toTab = (next: ModelTab) =>
    void navigate({
      to: '/models/$',
      params: { _splat },
      search: next === 'overview' ? {} : { tab: next },
      resetScroll: false,
    })
  const turn = (step: number) =>
    toTab(modelTabs[(modelTabs.indexOf(tab) + step + modelTabs.length) % modelTabs.length] ?? 'overview')
  useShortcuts({ '[': () => turn(-1), ']': () => turn(1) })
  const { start } = actions
  usePageCommands(
    useMemo<Command[]>(
      () =>
        (['publish', 'unpublish', 'run_benchmark', 'run_evaluation', 'rescan', 'retry', 'approve', 'archive'] as const)
          .filter((name) => answerOf(readiness.data, name)?.allowed === true)
          .map((name) => ({ id: name, label: text.model.actions[name], icon: 'play', run: () => start(name) })),
      // oxlint-disable-next-line react-hooks/exhaustive-deps -- the commands follow the readiness; `start` closes over the same version
      [readiness.data],
    ),
  )
  const publisher = publisherOf(model.name)
  const name = shortName(model.name)
  const title = tab === 'overview' ? name : text.model.titleWith(name, text.model.tabs[tab])
  const shared = { model, version, actions, readiness: readiness.data }
  return (
    <Page
      bare
      crumbs={[
        { label: text.nav.catalog, to: '/models' },
        ...(publisher === undefined ? [] : [{ label: publisher }]),
        ...(tab === 'overview' ? [] : [{ label: name, to: `/models/${_splat}` }]),
      ]}
      here={tab === 'overview' ? name : text.model.tabs[tab]}
      title={title}
    >
      <div className="px-4 pt-4 md:px-6 md:pt-5">
        <ModelHeader {...shared} onReplaceLink={() => setReplacing(true)} tab={tab} />
        <Stepper readiness={readiness.data} version={version} />
      </div>
      <TabsNav current={tab} model={model} splat={_splat} version={version} />
      <div className="px-4 py-4 md:px-6">
        <Suspense fallback={<SkeletonCard lines={6} />}>
          {tab === 'overview' && (
            <TabOverview {...shared} onReplaceLink={() => setReplacing(true)} readinessQuery={readiness} />
          )}
          {tab === 'files' && <TabFiles version={version} />}
          {tab === 'security' && <TabSecurity readiness={readiness.data} splat={_splat} version={version} />}
          {tab === 'license' && <TabLicense splat={_splat} version={version} />}
          {tab === 'benchmarks' && <TabBenchmarks {...shared} />}
          {tab === 'evaluations' && <TabEvaluations {...shared} />}
          {tab === 'lineage' && <TabLineage version={version} />}
          {tab === 'versions' && <TabVersions model={model} version={version} />}
          {tab === 'deployments' && <TabDeployments version={version} />}
          {tab === 'activity' && <TabActivity version={version} />}
        </Suspense>
      </div>
      {replacing && <FreshLinkDialog onClose={() => setReplacing(false)} version={version} />}
      {actions.request !== null && <ConfirmDialog onClose={actions.close} request={actions.request} />}
    </Page>
  )
}
