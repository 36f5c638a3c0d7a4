import { dayTime } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { cx } from '../../../ui/cx.ts'
import { Icon } from '../../../ui/icon.tsx'
import { toneText } from '../../../ui/status.ts'
import type { Version } from '../use-model.ts'
import { Disagree } from './disagree.tsx'
import { answerStatus, conditionStatus } from './looks.ts'
import type { Answer } from './use-license.ts'
import { questionWords as words } from './words.ts'

const boxes = {
  good: 'border-line bg-surface',
  neutral: 'border-line bg-surface',
  attention: 'border-warn-line bg-warn-soft',
  bad: 'border-fail-line bg-fail-soft',
  open: 'border-dashed border-part-line bg-surface',
}

/** Why a question is answered so, and how its conditions stand for this organization. */
export function AnswerNote({ answer, version, onShow }: { answer: Answer; version: Version; onShow?: () => void }) {
  const status = answerStatus(answer)
  const found = answer.clauses.some(({ start }) => start !== null)
  return (
    <div className={cx('grid gap-1.5 rounded-card border p-3', boxes[answer.effect])}>
      <h3 className="flex items-start gap-1.5 font-semibold">
        <Icon className={cx('mt-px', toneText[status.tone])} name={status.icon} />
        <span>
          {words.noteOf(answer.number)}: {status.label}
        </span>
      </h3>
      {answer.person !== null && <ByPerson person={answer.person} />}
      <p className={cx('break-words', answer.person !== null && 'text-fg-2')}>{answer.because}</p>
      {answer.conditions.length > 0 && (
        <ul className="grid gap-1.5">
          {answer.conditions.map((condition) => (
            <li className="text-xs" key={condition.text}>
              <StatusText status={conditionStatus(condition.state)} />{' '}
              <span className="break-words text-fg-2">{condition.text}</span>
            </li>
          ))}
        </ul>
      )}
      {answer.clauses.length > 0 && (
        <p className="text-xs text-fg-2">
          <code>{[...new Set(answer.clauses.map(({ section }) => section))].join(', ')}</code>
          {!found && <span className="block">{words.notInText}</span>}
        </p>
      )}
      {found && onShow !== undefined && (
        <div>
          <Button icon="scroll" onClick={onShow} small>
            {words.showInText}
          </Button>
        </div>
      )}
      <Disagree answer={answer} version={version} />
    </div>
  )
}

function ByPerson({ person }: { person: NonNullable<Answer['person']> }) {
  return (
    <p className="break-words">
      {words.person(person.answeredBy, dayTime(person.answeredAt))} “{person.reason}”
      <span className="block text-xs text-fg-2">{words.rulesSay(words.answers[person.insteadOf])}</span>
    </p>
  )
}
