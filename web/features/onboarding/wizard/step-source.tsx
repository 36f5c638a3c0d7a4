import { Link } from '@tanstack/react-router'
import { text } from '../../../text.ts'
import type { IconName } from '../../../ui/icon.tsx'
import { wizard } from '../words.ts'
import { ChoiceCard } from './choice-card.tsx'
import type { ChangeDraft, Draft, SourceChoice } from './draft.ts'

const choices: { value: SourceChoice; icon: IconName }[] = [
  { value: 'huggingface', icon: 'onboard' },
  { value: 'cloud', icon: 'cloud' },
  { value: 'url', icon: 'link' },
  { value: 'disk', icon: 'disk' },
]

export function StepSource({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  return (
    <>
      <fieldset>
        <legend className="contents">
          <h1 className="text-xl font-semibold">{wizard.steps.source}</h1>
        </legend>
        <p className="mt-1 mb-4 text-fg-2">{wizard.sourceLead}</p>
        <div className="grid max-w-4xl gap-3 md:grid-cols-2">
          {choices.map(({ value, icon }) => (
            <ChoiceCard
              checked={draft.source === value}
              icon={icon}
              key={value}
              name="source"
              note={wizard.sourceNotes[value]}
              onChoose={() => change({ source: value })}
              title={text.sources[value]}
            />
          ))}
        </div>
      </fieldset>
      <p className="mt-4 text-fg-2">
        {wizard.bulkLead}{' '}
        <Link className="rounded-tag font-medium text-accent-fg hover:underline" to="/onboarding/bulk">
          {wizard.bulkLink}
        </Link>
      </p>
    </>
  )
}
