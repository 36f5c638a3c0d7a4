import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { StatusText } from '../../ui/chip.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { type Evaluation, type EvaluationItem, useEvaluationItems } from './use-evaluations.ts'

const route = getRouteApi('/app/evaluations/$runId')
const words = text.evaluations

/** Every item with prompt, expected and given answer; the wrong ones on demand. */
export function ItemExplorer({ run }: { run: Evaluation }) {
  const { show } = route.useSearch()
  const navigate = useNavigate()
  const items = useEvaluationItems(run.id, show === 'wrong', run.itemsDone)
  const rows = items.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 className="text-md font-semibold">{words.explorer}</h2>
        <Segmented
          label={words.show}
          onChange={(next) =>
            void navigate({
              to: '/evaluations/$runId',
              params: { runId: run.id },
              search: next === 'wrong' ? { show: 'wrong' } : {},
              replace: true,
              resetScroll: false,
            })
          }
          options={[
            { value: 'all', label: words.all },
            { value: 'wrong', label: words.wrong },
          ]}
          value={show ?? 'all'}
        />
      </div>
      {items.isError ? (
        <ProblemBox error={items.error} onRetry={() => void items.refetch()} />
      ) : items.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <Empty title={show === 'wrong' ? words.noWrong : words.noItems} />
      ) : (
        <>
          <Table caption={words.itemsCaption}>
            <thead>
              <tr>
                <Th numeric>{words.itemColumns.index}</Th>
                <Th className="max-lg:hidden">{words.itemColumns.group}</Th>
                <Th>{words.itemColumns.prompt}</Th>
                <Th>{words.itemColumns.expected}</Th>
                <Th>{words.itemColumns.answer}</Th>
                <Th>{words.itemColumns.score}</Th>
              </tr>
            </thead>
            <tbody>
              {rows.map((item) => (
                <ItemRow item={item} key={item.index} />
              ))}
            </tbody>
          </Table>
          <ShowMore
            busy={items.isFetchingNextPage}
            hasMore={items.hasNextPage}
            onMore={() => void items.fetchNextPage()}
            shown={rows.length}
          />
        </>
      )}
    </section>
  )
}

function ItemRow({ item }: { item: EvaluationItem }) {
  return (
    <Tr className="align-top">
      <Td className="text-fg-3" numeric>
        {count(item.index)}
      </Td>
      <Td className="text-fg-2 max-lg:hidden">{item.group}</Td>
      <Td className="max-w-80 min-w-32">
        <code className="text-xs break-words whitespace-pre-wrap">{item.prompt}</code>
      </Td>
      <Td className="max-w-48">
        <code className="text-xs break-words whitespace-pre-wrap">{item.expected}</code>
      </Td>
      <Td className="max-w-48">
        {item.answer === null ? (
          <span className="text-fail-fg">{item.error ?? words.noAnswer}</span>
        ) : (
          <code className="text-xs break-words whitespace-pre-wrap">{item.answer}</code>
        )}
      </Td>
      <Td className="whitespace-nowrap">
        {item.score === null ? (
          <span className="text-fg-3">{text.common.notApplicable}</span>
        ) : item.score === 1 ? (
          <StatusText status={{ tone: 'pass', icon: 'circle-check', label: words.right, quiet: true }} />
        ) : item.score === 0 ? (
          <StatusText status={{ tone: 'fail', icon: 'octagon', label: words.isWrong, quiet: false }} />
        ) : (
          item.score.toFixed(2)
        )}
      </Td>
    </Tr>
  )
}
