import { useState } from 'react'
import { text } from '../../../text.ts'
import { TextButton } from '../../../ui/button.tsx'
import { CheckRow, Field, Input, Select, Textarea } from '../../../ui/field.tsx'
import { useProjects } from '../use-onboarding.ts'
import { wizard } from '../words.ts'
import { type ChangeDraft, type Draft, memoryLimitBytes } from './draft.ts'
import { HardwareFields } from './hardware-fields.tsx'
import { nameProblem } from './name-problem.ts'

/** Why the form cannot be sent as it stands. */
export function governanceProblem(draft: Draft): string | undefined {
  const limit =
    draft.source !== 'cloud' && draft.memoryLimit.trim() !== '' && memoryLimitBytes(draft.memoryLimit) === null
  return nameProblem(draft.name) ?? (limit ? wizard.hardware.limitBad : undefined)
}

export function StepGovernance({
  draft,
  change,
  suggestion,
}: {
  draft: Draft
  change: ChangeDraft
  suggestion: string | null
}) {
  const projects = useProjects()
  const [touched, setTouched] = useState(false)
  return (
    <div className="grid max-w-xl gap-5">
      <h1 className="text-xl font-semibold">{wizard.governanceTitle}</h1>
      <Field
        error={touched || draft.name !== '' ? nameProblem(draft.name) : undefined}
        hint={
          <>
            {wizard.nameHint}{' '}
            {suggestion !== null && suggestion !== draft.name && (
              <TextButton onClick={() => change({ name: suggestion, named: false })}>{suggestion}</TextButton>
            )}
          </>
        }
        label={wizard.name}
      >
        {(wired) => (
          <Input
            {...wired}
            autoComplete="off"
            maxLength={193}
            onBlur={() => setTouched(true)}
            onChange={(event) => change({ name: event.target.value.trim(), named: event.target.value !== '' })}
            spellCheck={false}
            value={draft.name}
          />
        )}
      </Field>
      <Field hint={wizard.descriptionHint} label={wizard.description} optional={text.common.optional}>
        {(wired) => (
          <Textarea
            {...wired}
            maxLength={10_000}
            onChange={(event) => change({ description: event.target.value })}
            rows={3}
            value={draft.description}
          />
        )}
      </Field>
      <div className="grid gap-5 md:grid-cols-2">
        <Field hint={wizard.tagsHint} label={wizard.tags} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="off"
              onChange={(event) => change({ tags: event.target.value })}
              value={draft.tags}
            />
          )}
        </Field>
        <Field hint={wizard.projectHint} label={wizard.project}>
          {(wired) => (
            <Select {...wired} onChange={(event) => change({ project: event.target.value })} value={draft.project}>
              <option value="">{wizard.projectDefault}</option>
              {projects.data?.map((project) => (
                <option key={project.id} value={project.id}>
                  {project.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {draft.source !== 'cloud' && <HardwareFields change={change} draft={draft} />}
      <AfterFields change={change} draft={draft} hosted={draft.source === 'cloud'} />
    </div>
  )
}

type After = Pick<Draft, 'benchmark' | 'evaluate' | 'publish'>

/** What follows by itself once a version is verified. */
export function AfterFields({
  draft,
  change,
  hosted,
}: {
  draft: After
  change: (next: Partial<After>) => void
  /** True: it runs elsewhere, so there is nothing to measure here. */
  hosted: boolean
}) {
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 font-medium">{wizard.after}</legend>
      {!hosted && (
        <>
          <CheckRow
            checked={draft.benchmark}
            label={wizard.benchmark}
            note={wizard.benchmarkNote}
            onChange={(event) => change({ benchmark: event.target.checked })}
          />
          <CheckRow
            checked={draft.evaluate}
            label={wizard.evaluate}
            note={wizard.evaluateNote}
            onChange={(event) => change({ evaluate: event.target.checked })}
          />
        </>
      )}
      <CheckRow
        checked={draft.publish}
        label={wizard.publish}
        note={hosted ? wizard.publishHostedNote : wizard.publishNote}
        onChange={(event) => change({ publish: event.target.checked })}
      />
    </fieldset>
  )
}
