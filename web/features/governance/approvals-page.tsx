import { Link } from '@tanstack/react-router'
import { Page, PageHead } from '../../app/page.tsx'
import { shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { StatusText } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import type { Status } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { type Approval, useApprovals, useVersionName } from './use-governance.ts'
import { governanceText } from './words.ts'

const words = governanceText.approvals
const states: Record<Approval['state'], Omit<Status, 'label'>> = {
  pending: { tone: 'info', icon: 'circle-dashed', quiet: true },
  approved: { tone: 'pass', icon: 'circle-check', quiet: true },
  rejected: { tone: 'fail', icon: 'octagon', quiet: false },
}

export function ApprovalsPage() {
  const approvals = useApprovals()
  const items = approvals.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page crumbs={[{ label: text.nav.governance }]} title={words.title}>
      <PageHead note={words.note} title={words.title} />
      {approvals.isError ? (
        <ProblemBox error={approvals.error} onRetry={() => void approvals.refetch()} />
      ) : approvals.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <Empty title={words.emptyTitle}>{words.empty}</Empty>
      ) : (
        <div className="grid gap-3">
          <Table caption={words.caption}>
            <thead>
              <tr>
                <Th>{words.columns.version}</Th>
                <Th>{words.columns.subject}</Th>
                <Th>{words.columns.state}</Th>
                <Th className="max-md:hidden">{words.columns.reason}</Th>
                <Th className="max-lg:hidden">{words.columns.by}</Th>
                <Th className="max-lg:hidden">{words.columns.expires}</Th>
                <Th numeric>{words.columns.at}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((approval) => (
                <ApprovalRow approval={approval} key={approval.id} />
              ))}
            </tbody>
          </Table>
          <ShowMore
            busy={approvals.isFetchingNextPage}
            hasMore={approvals.hasNextPage}
            onMore={() => void approvals.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </Page>
  )
}

function ApprovalRow({ approval }: { approval: Approval }) {
  const version = useVersionName(approval.versionId).data
  return (
    <Tr className="relative">
      <Td className="max-w-72">
        {version === undefined ? (
          <code className="text-xs">{shortId(approval.versionId)}</code>
        ) : (
          <Link
            className="block truncate font-medium after:absolute after:inset-0"
            params={{ _splat: `${version.modelName}@${version.number}` }}
            search={{ tab: approval.subject === 'findings' ? 'security' : 'activity' }}
            to="/models/$"
          >
            {version.modelName} {text.common.version(version.number)}
          </Link>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {words.subjects[approval.subject]}
        {approval.findings.length > 0 && (
          <span className="block text-xs text-fg-3" title={approval.findings.join('\n')}>
            {words.covers(approval.findings.length)}
          </span>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        <StatusText status={{ ...states[approval.state], label: words.states[approval.state] }} />
      </Td>
      <Td className="max-w-96 max-md:hidden">
        <span className="line-clamp-2 break-words text-fg-2" title={approval.reason}>
          {approval.reason}
        </span>
      </Td>
      <Td className="text-fg-2 max-lg:hidden">{approval.decidedBy ?? text.common.notApplicable}</Td>
      <Td className="text-fg-2 max-lg:hidden">
        <Time at={approval.expiresAt} full />
      </Td>
      <Td className="text-fg-2" numeric>
        <Time at={approval.decidedAt ?? approval.createdAt} />
      </Td>
    </Tr>
  )
}
