import type { UseQueryResult } from '@tanstack/react-query'
import { text } from '../../text.ts'
import { Field, Input } from '../../ui/field.tsx'
import { CheckResult } from './check-result.tsx'
import { ChoiceCard } from './choice-card.tsx'
import { DiskPicker } from './disk-picker.tsx'
import type { Draft } from './draft.ts'
import type { SourceCheck } from './use-onboarding.ts'

export function StepDetails({
  draft,
  change,
  check,
  settled,
}: {
  draft: Draft
  change: (next: Partial<Draft>) => void
  check: UseQueryResult<SourceCheck>
  settled: boolean
}) {
  return (
    <>
      <h1 className="text-xl font-semibold">{text.wizard.detailsTitle}</h1>
      <div className="mt-4 grid gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
        <div className="grid content-start gap-4">
          <Field hint={text.wizard.pathHint} label={text.wizard.path}>
            {(wired) => (
              <Input
                {...wired}
                autoComplete="off"
                className="font-mono text-xs"
                onChange={(event) => change({ path: event.target.value })}
                spellCheck={false}
                value={draft.path}
              />
            )}
          </Field>
          <DiskPicker onChoose={(path) => change({ path })} path={draft.path} />
          <fieldset className="grid gap-2">
            <legend className="mb-2 font-medium">{text.wizard.mode}</legend>
            <ChoiceCard
              checked={draft.mode === 'in_place'}
              name="mode"
              note={text.wizard.inPlaceNote}
              onChoose={() => change({ mode: 'in_place' })}
              title={text.wizard.inPlace}
            />
            <ChoiceCard
              checked={draft.mode === 'copy'}
              name="mode"
              note={text.wizard.copyNote}
              onChoose={() => change({ mode: 'copy' })}
              title={text.wizard.copy}
            />
          </fieldset>
        </div>
        <CheckResult check={check} draft={draft} settled={settled} />
      </div>
    </>
  )
}
