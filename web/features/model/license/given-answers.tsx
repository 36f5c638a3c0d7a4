import { dayTime } from '../../../format.ts'
import { Card, CardHead } from '../../../ui/card.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import type { Version } from '../use-model.ts'
import { type Answer, useGivenAnswers } from './use-license.ts'
import { questionWords, givenWords as words } from './words.ts'

/** Who answered which question otherwise than the rules, also what counts no more. Nothing while nobody did. */
export function GivenAnswers({ version, answers }: { version: Version; answers: readonly Answer[] }) {
  const given = useGivenAnswers(version)
  const items = given.data?.pages.flatMap((page) => page.items) ?? []
  if (given.isError) return <ProblemBox error={given.error} onRetry={() => void given.refetch()} />
  if (items.length === 0) return null
  return (
    <Card>
      <CardHead note={words.note} title={words.title} />
      <ul className="grid gap-2.5 px-4 pb-4">
        {items.map((item) => {
          const number = answers.find(({ id }) => id === item.question)?.number
          const said = [questionWords.answers[item.answer], questionWords.answers[item.insteadOf]] as const
          return (
            <li key={item.id}>
              <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                <StatusText
                  status={{
                    tone: item.inForce ? 'pass' : 'part',
                    icon: item.inForce ? 'circle-check' : 'minus',
                    label: number === undefined ? words.ofUnknown(item.question, ...said) : words.of(number, ...said),
                    quiet: true,
                  }}
                />
                <span className="text-xs text-fg-3">
                  {words.by(item.answeredBy)}, {dayTime(item.answeredAt)}
                  {!item.inForce && `, ${words.past}`}
                </span>
              </p>
              <p className="break-words text-fg-2">“{item.reason}”</p>
              {item.removedBy !== null && (
                <p className="text-xs break-words text-fg-2">
                  {words.back(item.removedBy)}
                  {item.removedAt !== null && `, ${dayTime(item.removedAt)}`}
                  {item.removedReason !== null && `: “${item.removedReason}”`}
                </p>
              )}
            </li>
          )
        })}
      </ul>
      {given.hasNextPage && (
        <div className="px-4 pb-4">
          <ShowMore
            busy={given.isFetchingNextPage}
            hasMore
            onMore={() => void given.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </Card>
  )
}
