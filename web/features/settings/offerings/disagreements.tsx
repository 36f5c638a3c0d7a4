import { day } from '../../../format.ts'
import { OriginMark } from '../../../ui/origin-mark.tsx'
import { PanelPart } from '../../../ui/side-panel.tsx'
import { offeringWords as words } from '../words.ts'
import { type FactField, factText, fieldTitle, type Offering, originOf } from './offering-facts.ts'

/** Values on which sources differ, each with who says what and since when. */
export function Disagreements({ offering }: { offering: Offering }) {
  return (
    <PanelPart note={words.disagreementsNote} title={words.disagreements}>
      <dl className="grid gap-3">
        {offering.disagreements.map(({ field, values }) => (
          <div key={field}>
            <dt className="text-xs text-fg-3">{fieldTitle(field)}</dt>
            {values.map((fact, index) => (
              <dd
                className="flex min-w-0 items-baseline justify-between gap-3"
                key={`${fact.origin} ${fact.source} ${fact.at}`}
              >
                <span className={index === 0 ? 'font-medium' : 'text-fg-2'}>
                  {factText(field as FactField, fact.value)}{' '}
                  <OriginMark at={fact.at} origin={originOf[fact.origin]} source={fact.source} />
                  {index === 0 && <span className="ml-1 text-xs font-normal text-fg-3">{words.holdsNow}</span>}
                </span>
                <span className="shrink-0 text-xs text-fg-3">
                  {fact.source}, {day(fact.at)}
                </span>
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </PanelPart>
  )
}
