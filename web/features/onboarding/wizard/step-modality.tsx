import type { Schema } from '../../../app/client.ts'
import { text } from '../../../text.ts'
import { wizard } from '../words.ts'
import { ChoiceCard } from './choice-card.tsx'
import type { ChangeDraft, Draft } from './draft.ts'

const order: Schema<'Modality'>[] = ['text', 'image', 'audio', 'video', 'embedding', 'action', 'document']

export function StepModality({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  return (
    <fieldset>
      <legend className="contents">
        <h1 className="text-xl font-semibold">{wizard.steps.modality}</h1>
      </legend>
      <p className="mt-1 mb-4 text-fg-2">{wizard.modalityLead}</p>
      <div className="grid max-w-4xl gap-3 md:grid-cols-2 xl:grid-cols-3">
        <ChoiceCard
          checked={draft.modality === null}
          name="modality"
          note={wizard.modalityAutoNote}
          onChoose={() => change({ modality: null })}
          title={wizard.modalityAuto}
        />
        {order.map((modality) => (
          <ChoiceCard
            checked={draft.modality === modality}
            key={modality}
            name="modality"
            note={wizard.modalityNotes[modality]}
            onChoose={() => change({ modality })}
            title={text.modalities[modality]}
          />
        ))}
      </div>
    </fieldset>
  )
}
