import { Fragment, useEffect, useRef, useState } from 'react'
import { text } from '../../../text.ts'
import { StatusText } from '../../../ui/chip.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import type { Version } from '../use-model.ts'
import { AnswerNote } from './answer-note.tsx'
import { answerStatus } from './looks.ts'
import type { Answer, Assessment } from './use-license.ts'
import { questionWords as words } from './words.ts'

type Filter = keyof typeof words.filters

/** The 22 questions with their answers; the one that is chosen shows its clauses in the text. */
export function QuestionTable({
  license,
  version,
  chosen,
  onChoose,
  onShow,
}: {
  license: Assessment
  version: Version
  chosen: Answer | undefined
  onChoose: (id: string | undefined) => void
  /** Goes to the clause in the text, where that is not beside the table. */
  onShow: () => void
}) {
  const [filter, setFilter] = useState<Filter>('all')
  const { answers, counts } = license
  const shown = filter === 'all' ? answers : answers.filter(({ answer }) => answer === filter)
  return (
    <section className="grid min-w-0 grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-md font-semibold">{words.title}</h2>
        <p className="min-w-0 grow basis-64 text-xs text-fg-3">
          {license.license === null ? words.noneBody : words.counts(counts.yesOrNo, counts.conditional, counts.unclear)}
        </p>
        <Segmented
          label={words.filterLabel}
          onChange={setFilter}
          options={[
            { value: 'all', label: words.filters.all },
            { value: 'conditional', label: `${words.filters.conditional} ${counts.conditional}` },
            { value: 'unclear', label: `${words.filters.unclear} ${counts.unclear}` },
          ]}
          value={filter}
        />
      </div>
      {shown.length === 0 ? (
        <Empty title={words.none} />
      ) : (
        <Table caption={words.caption}>
          <thead>
            <tr>
              <Th className="max-md:hidden">{words.columns.number}</Th>
              <Th>{words.columns.question}</Th>
              <Th>{words.columns.answer}</Th>
              <Th className="max-md:hidden">{words.columns.clause}</Th>
              <Th className="max-lg:hidden">{words.columns.condition}</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((answer) => (
              <Fragment key={answer.id}>
                <Row
                  answer={answer}
                  known={license.license !== null}
                  onToggle={() => onChoose(answer === chosen ? undefined : answer.id)}
                  open={answer === chosen}
                />
                {answer === chosen && (
                  <tr className="border-b border-line xl:hidden">
                    <td className="p-3" colSpan={5}>
                      <AnswerNote answer={answer} onShow={onShow} version={version} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </Table>
      )}
    </section>
  )
}

function Row({
  answer,
  known,
  open,
  onToggle,
}: {
  answer: Answer
  /** False: no license is known, which is the reason of every answer and said once. */
  known: boolean
  open: boolean
  onToggle: () => void
}) {
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  const sections = [...new Set(answer.clauses.map(({ section }) => section))]
  const conditions = answer.conditions.filter(({ state }) => state !== 'not_applicable').map((one) => one.text)
  const said = conditions.length > 0 ? conditions.join(' ') : answer.answer === 'unclear' && known ? answer.because : ''
  return (
    <Tr className="relative scroll-my-16" ref={row} selected={open}>
      <Td className="w-10 text-fg-3 max-md:hidden">{answer.number}</Td>
      <Td className="min-w-36">
        <button
          aria-expanded={open}
          className="text-left after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          onClick={onToggle}
          type="button"
        >
          {answer.question}
        </button>
      </Td>
      <Td className="whitespace-nowrap">
        <StatusText status={answerStatus(answer)} />
        {answer.person !== null && <span className="block pl-5 text-xs text-fg-3">{words.byPerson}</span>}
      </Td>
      <Td className="max-w-40 max-md:hidden">
        {sections.length === 0 ? (
          <span className="text-fg-3">{text.common.notApplicable}</span>
        ) : (
          <code className="line-clamp-2 text-xs break-words">{sections.join(', ')}</code>
        )}
      </Td>
      <Td className="max-w-80 max-lg:hidden">
        <span className="line-clamp-2 text-xs break-words text-fg-2" title={said}>
          {said}
        </span>
      </Td>
    </Tr>
  )
}
