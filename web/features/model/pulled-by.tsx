import { useCan } from '../../app/session.ts'
import { bytes } from '../../format.ts'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { usePullers } from './use-hosted.ts'
import type { Version } from './use-model.ts'
import { pullsWords as words } from './words.ts'

/** How much was pulled of the version, and by whom for those who may see that. */
export function PulledBy({ version }: { version: Version }) {
  const may = useCan()('audit.read')
  const { pulls, hosted } = version
  const some = pulls !== undefined && pulls.lastAt !== null
  const pullers = usePullers(version, may && some)
  const items = pullers.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section>
      <h2 className="mb-2 flex flex-wrap items-baseline gap-x-3 text-md font-semibold">
        {words.title}
        {some && (
          <span className="text-xs font-normal text-fg-3">{words.total(pulls.downloads, bytes(pulls.bytes))}</span>
        )}
      </h2>
      {hosted !== null ? (
        <Empty title={words.hosted} />
      ) : !some ? (
        <Empty title={words.none} />
      ) : !may ? (
        <Empty title={words.noPermission} />
      ) : pullers.isError ? (
        <ProblemBox error={pullers.error} onRetry={() => void pullers.refetch()} />
      ) : pullers.isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <div className="grid grid-cols-1 gap-2">
          <Table caption={words.caption}>
            <thead>
              <tr>
                <Th>{words.columns.who}</Th>
                <Th className="max-md:hidden">{words.columns.file}</Th>
                <Th numeric>{words.columns.at}</Th>
              </tr>
            </thead>
            <tbody>
              {items.map((event) => (
                <Tr key={event.id}>
                  <Td className="font-medium">{event.actorName}</Td>
                  <Td className="max-w-80 max-md:hidden">
                    <code className="block truncate text-xs text-fg-2">{fileOf(event.evidence)}</code>
                  </Td>
                  <Td className="text-fg-2" numeric>
                    <Time at={event.at} full />
                  </Td>
                </Tr>
              ))}
            </tbody>
          </Table>
          <p className="text-xs text-fg-3">{words.hourly}</p>
          {pullers.hasNextPage && (
            <ShowMore
              busy={pullers.isFetchingNextPage}
              hasMore={pullers.hasNextPage}
              onMore={() => void pullers.fetchNextPage()}
              shown={items.length}
            />
          )}
        </div>
      )}
    </section>
  )
}

const fileOf = (evidence: Record<string, unknown> | null): string =>
  typeof evidence?.file === 'string' ? evidence.file : words.ofDeleted
