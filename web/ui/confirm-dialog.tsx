import { type ReactNode, useState } from 'react'
import { text } from '../text.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Field, Input, Textarea } from './field.tsx'
import { ProblemBox } from './problem.tsx'

export type ConfirmRequest = {
  title: string
  body?: ReactNode
  action: string
  danger?: boolean
  /** Asks for a reason that is kept in the audit log; `required` holds the action back until there is one. */
  reason?: { label: string; hint?: string; required: boolean }
  /** Must be typed before the action: for what cannot be undone. */
  typeToConfirm?: string
  /** A date the decision ends on. */
  until?: { label: string; hint: string; defaultDays: number; maxDays: number }
  run: (input: { reason: string; until: string }) => Promise<unknown>
}

const dateInDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

/** One question before an action: what happens, why, and the hub's own words when it refuses. */
export function ConfirmDialog({ request, onClose }: { request: ConfirmRequest; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const [until, setUntil] = useState(() => dateInDays(request.until?.defaultDays ?? 0))
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const missing =
    request.reason?.required === true && reason.trim() === ''
      ? text.confirm.reasonMissing
      : request.typeToConfirm !== undefined && typed.trim() !== request.typeToConfirm
        ? text.confirm.typeMissing(request.typeToConfirm)
        : null
  const act = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await request.run({ reason: reason.trim(), until: `${until}T23:59:59Z` })
      onClose()
    } catch (caught) {
      setError(caught)
      setBusy(false)
    }
  }
  return (
    <Dialog
      description={request.body}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button
            busy={busy}
            look={request.danger === true ? 'danger-ink' : 'ink'}
            onClick={() => void act()}
            reason={missing}
          >
            {request.action}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={request.title}
    >
      <div className="grid gap-3">
        {request.reason !== undefined && (
          <Field
            hint={request.reason.hint}
            label={request.reason.label}
            {...(request.reason.required ? {} : { optional: text.common.optional })}
          >
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
        )}
        {request.until !== undefined && (
          <Field hint={request.until.hint} label={request.until.label}>
            {(wired) => (
              <Input
                {...wired}
                max={dateInDays(request.until?.maxDays ?? 0)}
                min={dateInDays(1)}
                onChange={(event) => setUntil(event.target.value)}
                type="date"
                value={until}
              />
            )}
          </Field>
        )}
        {request.typeToConfirm !== undefined && (
          <Field label={text.confirm.typeLabel(request.typeToConfirm)}>
            {(wired) => (
              <Input {...wired} autoComplete="off" onChange={(event) => setTyped(event.target.value)} value={typed} />
            )}
          </Field>
        )}
        {error !== undefined && <ProblemBox error={error} live />}
      </div>
    </Dialog>
  )
}
