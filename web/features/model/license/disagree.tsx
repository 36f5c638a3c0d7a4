import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import type { Version } from '../use-model.ts'
import { AnswerDialog } from './answer-dialog.tsx'
import { type Answer, useTakeBack } from './use-license.ts'
import { questionWords as words } from './words.ts'

/** The way to another answer than the computed one, and back. */
export function Disagree({ answer, version }: { answer: Answer; version: Version }) {
  const can = useCan()
  const back = useTakeBack(version)
  const [open, setOpen] = useState<'answer' | 'back' | null>(null)
  const reason = can('model.approve') ? null : words.mayNotAnswer
  const { person } = answer
  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => setOpen('answer')} reason={reason} small>
        {person === null ? words.disagree : words.disagreeAgain}
      </Button>
      {person !== null && (
        <Button onClick={() => setOpen('back')} reason={reason} small>
          {words.takeBack}
        </Button>
      )}
      {open === 'answer' && <AnswerDialog answer={answer} onClose={() => setOpen(null)} version={version} />}
      {open === 'back' && person !== null && (
        <ConfirmDialog
          onClose={() => setOpen(null)}
          request={{
            title: words.backTitle(answer.number),
            body: words.backNote,
            action: words.takeBack,
            reason: { label: words.reason, required: true },
            run: (input) => back.mutateAsync({ answer: person.id, reason: input.reason }),
          }}
        />
      )}
    </div>
  )
}
