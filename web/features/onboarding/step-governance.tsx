import { useState } from 'react'
import { text } from '../../text.ts'
import { TextButton } from '../../ui/button.tsx'
import { CheckRow, Field, Input, Select, Textarea } from '../../ui/field.tsx'
import type { Draft } from './draft.ts'
import { useProjects } from './use-onboarding.ts'

const part = '[A-Za-z0-9][A-Za-z0-9._-]{0,95}'
const shape = new RegExp(`^${part}(/${part})?$`)

/** Why a name cannot be used, in the words of the hub's own rule. */
export const nameProblem = (name: string): string | undefined =>
  name === '' ? text.wizard.nameMissing : shape.test(name) ? undefined : text.wizard.nameBad

export function StepGovernance({
  draft,
  change,
  suggestion,
}: {
  draft: Draft
  change: (next: Partial<Draft>) => void
  suggestion: string | null
}) {
  const projects = useProjects()
  const [touched, setTouched] = useState(false)
  return (
    <div className="grid max-w-xl gap-5">
      <h1 className="text-xl font-semibold">{text.wizard.governanceTitle}</h1>
      <Field
        error={touched || draft.name !== '' ? nameProblem(draft.name) : undefined}
        hint={
          <>
            {text.wizard.nameHint}{' '}
            {suggestion !== null && suggestion !== draft.name && (
              <TextButton onClick={() => change({ name: suggestion, named: false })}>{suggestion}</TextButton>
            )}
          </>
        }
        label={text.wizard.name}
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
      <Field hint={text.wizard.descriptionHint} label={text.wizard.description} optional={text.common.optional}>
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
        <Field hint={text.wizard.tagsHint} label={text.wizard.tags} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="off"
              onChange={(event) => change({ tags: event.target.value })}
              value={draft.tags}
            />
          )}
        </Field>
        <Field hint={' '} label={text.wizard.project}>
          {(wired) => (
            <Select {...wired} onChange={(event) => change({ project: event.target.value })} value={draft.project}>
              <option value="">{text.wizard.projectDefault}</option>
              {projects.data?.map((project) => (
                <option key={project.id} value={project.id}>
                  {project.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <fieldset className="grid gap-2">
        <legend className="mb-2 font-medium">{text.wizard.after}</legend>
        <CheckRow
          checked={draft.benchmark}
          label={text.wizard.benchmark}
          note={text.wizard.benchmarkNote}
          onChange={(event) => change({ benchmark: event.target.checked })}
        />
        <CheckRow
          checked={draft.evaluate}
          label={text.wizard.evaluate}
          note={text.wizard.evaluateNote}
          onChange={(event) => change({ evaluate: event.target.checked })}
        />
        <CheckRow
          checked={draft.publish}
          label={text.wizard.publish}
          note={text.wizard.publishNote}
          onChange={(event) => change({ publish: event.target.checked })}
        />
      </fieldset>
    </div>
  )
}
