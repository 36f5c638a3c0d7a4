import { useState } from 'react'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Select, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import type { Version } from '../use-model.ts'
import { type Answer, useAnswer } from './use-license.ts'
import { questionWords as words } from './words.ts'

const choices = Object.entries(words.answers) as [Answer['answer'], string][]

/** Another answer to one question with its reason, in place of what the rules say. */
export function AnswerDialog({ answer, version, onClose }: { answer: Answer; version: Version; onClose: () => void }) {
  const give = useAnswer(version)
  const others = choices.filter(([word]) => word !== answer.answer)
  const [word, setWord] = useState<Answer['answer']>(others[0]?.[0] ?? 'unclear')
  const [reason, setReason] = useState('')
  const save = () =>
    give.mutate({ question: answer.id, answer: word, reason: reason.trim() }, { onSuccess: () => onClose() })
  return (
    <Dialog
      description={words.answerNote}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button
            busy={give.isPending}
            look="ink"
            onClick={save}
            reason={reason.trim() === '' ? words.reasonMissing : null}
          >
            {words.record}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.answerTitle(answer.number)}
    >
      <div className="grid gap-3">
        <p className="font-medium break-words">{answer.question}</p>
        <p className="text-xs text-fg-2">{words.rulesSay(words.answers[answer.person?.insteadOf ?? answer.answer])}</p>
        <Field label={words.yourAnswer}>
          {(wired) => (
            <Select {...wired} onChange={(event) => setWord(event.target.value as Answer['answer'])} value={word}>
              {others.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field hint={words.reasonHint} label={words.reason}>
          {(wired) => (
            <Textarea
              {...wired}
              maxLength={2_000}
              onChange={(event) => setReason(event.target.value)}
              rows={3}
              value={reason}
            />
          )}
        </Field>
        {give.isError && <ProblemBox error={give.error} live />}
      </div>
    </Dialog>
  )
}
