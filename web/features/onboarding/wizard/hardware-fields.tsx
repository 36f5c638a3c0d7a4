import { text } from '../../../text.ts'
import { Field, Input, Select } from '../../../ui/field.tsx'
import { wizard } from '../words.ts'
import { type ChangeDraft, type Draft, memoryLimitBytes } from './draft.ts'

const words = wizard.hardware

/** What the version is meant to run on; it stays with the version. */
export function HardwareFields({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  const bad = draft.memoryLimit.trim() !== '' && memoryLimitBytes(draft.memoryLimit) === null
  return (
    <div className="grid gap-5 md:grid-cols-2">
      <Field hint={words.preferenceHint} label={words.preference} optional={text.common.optional}>
        {(wired) => (
          <Select
            {...wired}
            onChange={(event) => change({ preference: event.target.value as Draft['preference'] })}
            value={draft.preference}
          >
            <option value="">{words.any}</option>
            <option value="cpu">{words.cpu}</option>
            <option value="gpu">{words.gpu}</option>
          </Select>
        )}
      </Field>
      <Field
        error={bad ? words.limitBad : undefined}
        hint={words.limitHint}
        label={words.limit}
        optional={text.common.optional}
      >
        {(wired) => (
          <span className="relative block">
            <Input
              {...wired}
              autoComplete="off"
              className="pr-11"
              inputMode="decimal"
              maxLength={12}
              onChange={(event) => change({ memoryLimit: event.target.value })}
              value={draft.memoryLimit}
            />
            <span
              aria-hidden="true"
              className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-fg-3"
            >
              GiB
            </span>
          </span>
        )}
      </Field>
    </div>
  )
}
