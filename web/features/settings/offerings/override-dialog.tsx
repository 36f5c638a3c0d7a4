import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { toast } from '../../../app/toasts.tsx'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { CheckRow, Field, Input, Select, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { offeringWords as words } from '../words.ts'
import { type FactField, factFields, kindOf, type Offering } from './offering-facts.ts'
import { useOverride } from './use-offerings.ts'

type Wired = { id: string }

/** A person says what holds here, and why; it goes before every other source. */
export function OverrideDialog({
  offering,
  field: first,
  onClose,
}: {
  offering: Offering
  field: FactField
  onClose: () => void
}) {
  const override = useOverride(offering.id)
  const [field, setField] = useState(first)
  const [value, setValue] = useState(() => typed(offering, first))
  const [reason, setReason] = useState('')
  const meant = valueOf(field, value)
  const missing = meant === undefined || reason.trim() === '' ? words.overrideMissing : null
  const send = () =>
    override.mutate({ [field]: meant, reason: reason.trim() } as Schema<'UpdateOffering'>, {
      onSuccess: () => {
        toast(words.overridden)
        onClose()
      },
    })
  return (
    <Dialog
      description={words.overrideLead}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={override.isPending} form="override-form" look="ink" reason={missing} type="submit">
            {words.overrideSave}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.overrideTitle}
    >
      <form
        className="grid gap-4"
        id="override-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !override.isPending) send()
        }}
      >
        {override.isError && <ProblemBox error={override.error} live />}
        <Field label={words.overrideField}>
          {(wired) => (
            <Select
              {...wired}
              onChange={(event) => {
                const next = event.target.value as FactField
                setField(next)
                setValue(typed(offering, next))
              }}
              value={field}
            >
              {factFields.map((name) => (
                <option key={name} value={name}>
                  {words.fields[name]}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {kindOf[field] === 'modalities' ? (
          <Modalities onChange={setValue} value={value} />
        ) : (
          <Field label={words.overrideTo} {...(unitOf(field) === '' ? {} : { hint: unitOf(field) })}>
            {(wired) => <Value field={field} onChange={setValue} value={value} wired={wired} />}
          </Field>
        )}
        <Field hint={words.overrideReasonHint} label={words.overrideReason}>
          {(wired) => (
            <Textarea
              {...wired}
              maxLength={2_000}
              onChange={(event) => setReason(event.target.value)}
              rows={2}
              value={reason}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}

function Value({
  field,
  value,
  onChange,
  wired,
}: {
  field: FactField
  value: string
  onChange: (value: string) => void
  wired: Wired
}) {
  const kind = kindOf[field]
  const shared = { ...wired, value, onChange: (event: { target: { value: string } }) => onChange(event.target.value) }
  if (kind === 'yes' || kind === 'status') {
    const options =
      kind === 'yes'
        ? [
            ['true', text.common.yes],
            ['false', text.common.no],
          ]
        : Object.entries(words.statuses)
    return (
      <Select {...shared}>
        <option value="">{text.common.unknown}</option>
        {options.map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </Select>
    )
  }
  if (kind === 'price') return <Input {...shared} inputMode="decimal" min={0} step="any" type="number" />
  if (kind === 'tokens') return <Input {...shared} inputMode="numeric" min={1} step={1} type="number" />
  return <Input {...shared} autoComplete="off" type={kind === 'day' ? 'date' : 'text'} />
}

function Modalities({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const chosen = listOf(value)
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{words.overrideTo}</legend>
      <div className="grid grid-cols-2 gap-x-4">
        {Object.entries(text.modalities).map(([name, label]) => (
          <CheckRow
            checked={chosen.includes(name)}
            key={name}
            label={label}
            onChange={(event) =>
              onChange((event.target.checked ? [...chosen, name] : chosen.filter((one) => one !== name)).join(', '))
            }
          />
        ))}
      </div>
    </fieldset>
  )
}

const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const unitOf = (field: FactField): string => {
  const kind = kindOf[field]
  return kind === 'price' || kind === 'tokens' || kind === 'list' ? words.overrideUnit[kind] : ''
}

/** What holds now, as one would type it. */
function typed(offering: Offering, field: FactField): string {
  const value = offering.facts[field]?.value
  return value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value)
}

/** What was typed as the API takes it; undefined while it is no value. */
function valueOf(field: FactField, value: string): string | number | boolean | string[] | undefined {
  const kind = kindOf[field]
  if (value.trim() === '') return undefined
  if (kind === 'yes') return value === 'true'
  if (kind === 'list' || kind === 'modalities') return listOf(value)
  if (kind === 'price' || kind === 'tokens') return Number.isFinite(Number(value)) ? Number(value) : undefined
  return value.trim()
}
