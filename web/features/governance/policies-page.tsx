import { Page, PageHead } from '../../app/page.tsx'
import { text } from '../../text.ts'
import { StatusChip } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import type { Status } from '../../ui/status.ts'
import { Table, Td, Th } from '../../ui/table.tsx'
import { type Policy, usePolicies } from './use-governance.ts'
import { governanceText } from './words.ts'

const words = governanceText.policies
const modes: Record<Policy['mode'], Omit<Status, 'label' | 'quiet'>> = {
  enforce: { tone: 'fail', icon: 'lock' },
  warn: { tone: 'warn', icon: 'alert' },
  audit: { tone: 'part', icon: 'scroll' },
}

export function PoliciesPage() {
  const policies = usePolicies()
  const items = policies.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <Page crumbs={[{ label: text.nav.governance }]} title={words.title}>
      <PageHead note={words.note} title={words.title} />
      {policies.isError ? (
        <ProblemBox error={policies.error} onRetry={() => void policies.refetch()} />
      ) : policies.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <Empty title={words.emptyTitle}>{words.empty}</Empty>
      ) : (
        <div className="grid gap-3">
          <Table caption={words.caption}>
            <thead>
              <tr>
                <Th>{words.columns.policy}</Th>
                <Th>{words.columns.gate}</Th>
                <Th>{words.columns.mode}</Th>
                <Th>{words.columns.expression}</Th>
                <Th>{words.columns.waive}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((policy) => (
                <tr className="border-b border-line align-top last:border-b-0" key={policy.id}>
                  <Td className="max-w-80 min-w-56 py-3">
                    <span className="block font-medium">{policy.title}</span>
                    <code className="text-xs text-fg-3">{policy.id}</code>
                    <span className="mt-1 block text-xs text-fg-2">
                      {words.fails}: {policy.message} {policy.remedy}
                    </span>
                  </Td>
                  <Td className="py-3 text-fg-2">{policy.gate}</Td>
                  <Td className="py-3">
                    <StatusChip status={{ ...modes[policy.mode], label: words.modes[policy.mode], quiet: false }} />
                    <span className="mt-1 block text-xs text-fg-3">{words.modeNotes[policy.mode]}</span>
                  </Td>
                  <Td className="max-w-96 py-3">
                    <code className="text-xs break-words whitespace-pre-wrap text-fg-2">{policy.expression}</code>
                  </Td>
                  <Td className="py-3 text-fg-2">{policy.whoCanWaive ?? words.nobody}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
          <ShowMore
            busy={policies.isFetchingNextPage}
            hasMore={policies.hasNextPage}
            onMore={() => void policies.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </Page>
  )
}
