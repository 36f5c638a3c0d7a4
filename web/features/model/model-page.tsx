import { getRouteApi } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { statusOf } from '../../app/query-client.ts'
import { text } from '../../text.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Bone, SkeletonCard } from '../../ui/skeleton.tsx'
import { ModelView } from './model-view.tsx'
import { parseAddress, useModel, useNumberedVersion } from './use-model.ts'

const route = getRouteApi('/app/models/$')

export function ModelPage() {
  const { _splat = '' } = route.useParams()
  const { name, number } = parseAddress(_splat)
  const model = useModel(name)
  const numbered = useNumberedVersion(name, number)
  const version = number === null ? model.data?.defaultVersion : numbered.data
  if (model.data !== undefined && version !== undefined) {
    return <ModelView key={version.id} model={model.data} version={version} />
  }
  const failed = model.isError ? model : numbered.isError ? numbered : undefined
  return (
    <Page crumbs={[{ label: text.nav.catalog, to: '/models' }]} title={name}>
      <h1 className="sr-only">{name}</h1>
      {failed === undefined ? (
        <ModelSkeleton />
      ) : statusOf(failed.error) === 404 ? (
        <Empty
          action={
            <ButtonLink look="ink" to="/models">
              {text.problem.toCatalog}
            </ButtonLink>
          }
          title={text.problem.notFound}
        >
          {failed.error?.message}
        </Empty>
      ) : (
        <ProblemBox error={failed.error} onRetry={() => void failed.refetch()} />
      )}
    </Page>
  )
}

function ModelSkeleton() {
  return (
    <div className="grid gap-4">
      <div className="skeleton flex items-center gap-4">
        <Bone className="size-11 rounded-[10px]" />
        <div className="grid gap-2">
          <Bone className="h-5 w-64" />
          <Bone className="w-40" />
        </div>
      </div>
      <SkeletonCard lines={3} />
      <SkeletonCard lines={5} />
    </div>
  )
}
