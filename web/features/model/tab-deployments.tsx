import type { Schema } from '../../app/client.ts'
import { useCan } from '../../app/session.ts'
import { useRoutes } from '../../app/use-serving.ts'
import { bytes, compactCount, count, day } from '../../format.ts'
import { text } from '../../text.ts'
import { StatusText, Tag } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import type { Status } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { PulledBy } from './pulled-by.tsx'
import { useDeployments, useUsage, type Version } from './use-model.ts'
import { noticeWords } from './words.ts'

const words = text.model.deployments
type DeploymentState = Schema<'Deployment'>['status']

const looks: Record<DeploymentState, Omit<Status, 'label'>> = {
  idle: { tone: 'part', icon: 'circle', quiet: true },
  loading: { tone: 'info', icon: 'loader', quiet: true },
  ready: { tone: 'pass', icon: 'circle-check', quiet: true },
  draining: { tone: 'warn', icon: 'alert', quiet: false },
  failed: { tone: 'fail', icon: 'octagon', quiet: false },
  unknown: { tone: 'part', icon: 'circle-dashed', quiet: false },
}

export function TabDeployments({ version }: { version: Version }) {
  return (
    <div className="grid grid-cols-1 gap-6">
      <Deployments version={version} />
      <Routes version={version} />
      <Usage version={version} />
      <PulledBy version={version} />
    </div>
  )
}

function Deployments({ version }: { version: Version }) {
  const deployments = useDeployments(version)
  const { columns } = words
  return (
    <section>
      <h2 className="mb-2 text-md font-semibold">{words.title}</h2>
      {deployments.isError ? (
        <ProblemBox error={deployments.error} onRetry={() => void deployments.refetch()} />
      ) : deployments.data === undefined ? (
        <SkeletonRows rows={2} />
      ) : deployments.data.length === 0 ? (
        <Empty title={words.empty} />
      ) : (
        <Table caption={words.caption}>
          <thead>
            <tr>
              <Th>{columns.engine}</Th>
              <Th>{columns.kind}</Th>
              <Th>{columns.status}</Th>
              <Th numeric>{columns.memory}</Th>
              <Th numeric>{columns.inflight}</Th>
              <Th numeric>{columns.used}</Th>
            </tr>
          </thead>
          <tbody>
            {deployments.data.map((deployment) => (
              <Tr key={deployment.id}>
                <Td>
                  <span className="font-medium">{deployment.upstream?.providerTitle ?? deployment.engine}</span>
                  {deployment.upstream !== null && (
                    <span className="block text-xs text-fg-3">
                      {[deployment.upstream.model, deployment.upstream.region, deployment.upstream.credentialName]
                        .filter((part) => part !== null)
                        .join(' · ')}
                    </span>
                  )}
                </Td>
                <Td>
                  <Tag>{deployment.private ? words.private : words.public}</Tag>
                </Td>
                <Td>
                  <StatusText status={{ ...looks[deployment.status], label: words.statuses[deployment.status] }} />
                  {deployment.statusReason !== null && (
                    <span className="block text-xs text-fg-3">{deployment.statusReason.message}</span>
                  )}
                </Td>
                <Td numeric>
                  {deployment.residentBytes === null ? text.common.notApplicable : bytes(deployment.residentBytes)}
                </Td>
                <Td numeric>{deployment.inflight === null ? text.common.notApplicable : count(deployment.inflight)}</Td>
                <Td className="text-fg-2" numeric>
                  <Time at={deployment.lastUsedAt} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  )
}

function Routes({ version }: { version: Version }) {
  const routes = useRoutes()
  const rows = (routes.data ?? []).flatMap((route) =>
    route.targets.filter((target) => target.versionId === version.id).map((target) => ({ route, target })),
  )
  return (
    <section>
      <h2 className="mb-2 text-md font-semibold">{words.routes}</h2>
      {routes.isError ? (
        <ProblemBox error={routes.error} onRetry={() => void routes.refetch()} />
      ) : routes.data === undefined ? (
        <SkeletonRows rows={1} />
      ) : rows.length === 0 ? (
        <Empty title={words.routesEmpty} />
      ) : (
        <Table caption={words.routesCaption}>
          <thead>
            <tr>
              <Th>{words.routeColumns.name}</Th>
              <Th numeric>{words.routeColumns.weight}</Th>
              <Th>{words.routeColumns.carried}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ route, target }) => (
              <Tr key={`${route.id} ${target.deploymentId}`}>
                <Td>
                  <span className="font-medium">{route.name}</span>
                  {route.notices.map((notice) => (
                    <span className="block text-xs text-warn-fg" key={`${notice.date ?? ''} ${notice.source}`}>
                      {noticeWords.deprecated(notice.date === null ? null : day(notice.date))}
                    </span>
                  ))}
                </Td>
                <Td numeric>{count(target.weight)}</Td>
                <Td>{target.carried ? text.common.yes : text.common.no}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  )
}

function Usage({ version }: { version: Version }) {
  const can = useCan()
  const allowed = can('usage.read')
  const usage = useUsage(version, allowed)
  const columns = words.usageColumns
  return (
    <section>
      <h2 className="mb-2 text-md font-semibold">{words.usage}</h2>
      {!allowed ? (
        <Empty title={words.noPermission} />
      ) : usage.isError ? (
        <ProblemBox error={usage.error} onRetry={() => void usage.refetch()} />
      ) : usage.data === undefined ? (
        <SkeletonRows rows={2} />
      ) : usage.data.length === 0 ? (
        <Empty title={words.usageEmpty} />
      ) : (
        <Table caption={words.usageCaption}>
          <thead>
            <tr>
              <Th>{columns.day}</Th>
              <Th>{columns.route}</Th>
              <Th numeric>{columns.requests}</Th>
              <Th numeric>{columns.failed}</Th>
              <Th numeric>{columns.input}</Th>
              <Th numeric>{columns.output}</Th>
            </tr>
          </thead>
          <tbody>
            {usage.data.map((row) => (
              <Tr key={`${row.day} ${row.route}`}>
                <Td>{day(row.day)}</Td>
                <Td>{row.route}</Td>
                <Td numeric>{count(row.requests)}</Td>
                <Td className={row.failed > 0 ? 'text-fail-fg' : undefined} numeric>
                  {count(row.failed)}
                </Td>
                <Td numeric>
                  <span title={count(row.promptTokens)}>{compactCount(row.promptTokens)}</span>
                </Td>
                <Td numeric>
                  <span title={count(row.completionTokens)}>{compactCount(row.completionTokens)}</span>
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  )
}
