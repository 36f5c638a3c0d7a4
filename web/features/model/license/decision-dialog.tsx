import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input, Select, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import type { Version } from '../use-model.ts'
import { useDecide } from './use-license.ts'
import { purposeWords, decisionWords as words } from './words.ts'

type Purpose = Schema<'LicensePurpose'>
const purposes = Object.keys(purposeWords) as Purpose[]

const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

/** A decision about the license that is here now: what, for which use, until when, and why. */
export function DecisionDialog({ version, onClose }: { version: Version; onClose: () => void }) {
  const decide = useDecide(version)
  const [decision, setDecision] = useState<'approved' | 'rejected'>('approved')
  const [purpose, setPurpose] = useState<Purpose | ''>('')
  const [conditions, setConditions] = useState('')
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const act = () =>
    decide.mutate(
      {
        decision,
        reason: reason.trim(),
        ...(purpose === '' ? {} : { purpose }),
        ...(conditions.trim() === '' ? {} : { conditions: conditions.trim() }),
        ...(until === '' ? {} : { expiresAt: `${until}T23:59:59Z` }),
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog
      description={words.decideNote}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button
            busy={decide.isPending}
            look="ink"
            onClick={act}
            reason={reason.trim() === '' ? words.reasonMissing : null}
          >
            {words.record}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.decideTitle}
    >
      <div className="grid gap-3">
        <div>
          <Segmented
            label={words.decision}
            onChange={setDecision}
            options={[
              { value: 'approved', label: words.approved },
              { value: 'rejected', label: words.rejected },
            ]}
            value={decision}
          />
        </div>
        <Field label={words.purpose}>
          {(wired) => (
            <Select {...wired} onChange={(event) => setPurpose(event.target.value as Purpose | '')} value={purpose}>
              <option value="">{words.anyPurpose}</option>
              {purposes.map((value) => (
                <option key={value} value={value}>
                  {purposeWords[value]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field hint={words.conditionsHint} label={words.conditionsLabel} optional={text.common.optional}>
          {(wired) => (
            <Textarea
              {...wired}
              maxLength={2_000}
              onChange={(event) => setConditions(event.target.value)}
              rows={2}
              value={conditions}
            />
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
        <Field hint={words.untilHint} label={words.until_} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              min={tomorrow()}
              onChange={(event) => setUntil(event.target.value)}
              type="date"
              value={until}
            />
          )}
        </Field>
        {decide.isError && <ProblemBox error={decide.error} live />}
      </div>
    </Dialog>
  )
}
