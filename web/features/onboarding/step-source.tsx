import { text } from '../../text.ts'
import { ChoiceCard } from './choice-card.tsx'

export function StepSource() {
  return (
    <fieldset>
      <legend className="contents">
        <h1 className="text-xl font-semibold">{text.wizard.steps.source}</h1>
      </legend>
      <p className="mt-1 mb-4 text-fg-2">{text.wizard.sourceLead}</p>
      <div className="max-w-xl">
        <ChoiceCard
          checked
          icon="disk"
          name="source"
          note={text.wizard.sourceDiskNote}
          onChoose={() => undefined}
          title={text.wizard.sourceDisk}
        />
      </div>
    </fieldset>
  )
}
