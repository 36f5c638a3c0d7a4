import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { toast } from '../../../app/toasts.tsx'
import { shortId } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button, ButtonLink, TextButton } from '../../../ui/button.tsx'
import { Fact, Facts } from '../../../ui/card.tsx'
import { StatusText, Tag } from '../../../ui/chip.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { OriginMark } from '../../../ui/origin-mark.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { PanelPart, SidePanel } from '../../../ui/side-panel.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { UserList } from '../user-list.tsx'
import { offeringWords as words } from '../words.ts'
import { Disagreements } from './disagreements.tsx'
import {
  type FactField,
  factFields,
  factText,
  fieldTitle,
  type Offering,
  offeringStatus,
  originOf,
} from './offering-facts.ts'
import { OverrideDialog } from './override-dialog.tsx'
import { ProbePart } from './probe-part.tsx'
import { useOffering, useOverride } from './use-offerings.ts'

/** One offering in full: every value with who says so, what they disagree on, and whether it answers. */
export function OfferingPanel({
  id,
  known,
  onClose,
}: {
  id: string
  known: Offering | undefined
  onClose: () => void
}) {
  const query = useOffering(id, known)
  const shell = { id, backLabel: words.back, closeLabel: words.close, onClose }
  if (query.data === undefined) {
    return (
      <SidePanel {...shell} title={shortId(id)}>
        <div className="px-4 pb-4">
          {query.isError ? (
            <ProblemBox error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonCard lines={8} />
          )}
        </div>
      </SidePanel>
    )
  }
  const offering = query.data
  const address = `cloud:${offering.provider}/${offering.model}`
  return (
    <SidePanel
      {...shell}
      lead={
        <>
          {offering.providerTitle}
          <span className="mt-0.5 flex min-w-0 items-center gap-1">
            <code className="min-w-0 break-all">{address}</code>
            <CopyButton className="-my-1" label={words.copyId} small value={address} />
          </span>
        </>
      }
      title={offering.name ?? offering.model}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pb-3">
        <StatusText status={offeringStatus(offering)} />
        {offering.unlisted && <Tag title={words.unlistedNote}>{words.unlisted}</Tag>}
        {offering.visible === false && <Tag title={words.notVisibleNote}>{words.notVisible}</Tag>}
        <Onboard address={address} />
      </div>
      <Ending offering={offering} />
      <FactsPart offering={offering} />
      {offering.disagreements.length > 0 && <Disagreements offering={offering} />}
      <ProbePart offering={offering} />
      <PanelPart title={words.usedBy}>
        {offering.usedBy.length === 0 ? (
          <p className="text-fg-2">{words.usedByNone}</p>
        ) : (
          <UserList
            count={offering.usedBy.length}
            users={offering.usedBy.map(({ versionId, name, state }) => ({ id: versionId, name, state }))}
          />
        )}
      </PanelPart>
    </SidePanel>
  )
}

function Onboard({ address }: { address: string }) {
  const can = useCan()
  if (!can('model.write')) return null
  return (
    <ButtonLink className="ml-auto" icon="onboard" look="ink" search={{ source: address }} small to="/onboarding/new">
      {words.onboard}
    </ButtonLink>
  )
}

/** The end that is announced, with its date and what comes instead. */
function Ending({ offering }: { offering: Offering }) {
  const { deprecation } = offering
  if (deprecation === null) return null
  return (
    <div className="mx-4 mb-3 flex gap-2.5 rounded-control border border-warn-line bg-warn-soft p-3">
      <Icon className="mt-px text-warn-fg" name="alert" />
      <div className="min-w-0">
        <p className="font-medium">
          {offering.status === 'retired' ? words.retiredTitle : words.deprecatedTitle(deprecation.date)}
        </p>
        <p className="break-words text-fg-2">
          {deprecation.replacement === null ? words.noReplacement : words.replacement(deprecation.replacement)}
        </p>
      </div>
    </div>
  )
}

/** Shown also while nobody says them: what a choice rests on. */
const always = new Set<FactField>(['inputPrice', 'outputPrice', 'context', 'regions', 'retention', 'status'])

function FactsPart({ offering }: { offering: Offering }) {
  const can = useCan()
  const override = useOverride(offering.id)
  const [editing, setEditing] = useState<FactField | null>(null)
  const [takingBack, setTakingBack] = useState<FactField | null>(null)
  const mayChange = can('offering.write')
  const missing = factFields.filter((field) => offering.facts[field] === undefined && !always.has(field))
  return (
    <section className="border-t border-line">
      <div className="flex items-center gap-2 px-4 pt-3">
        <h3 className="grow font-semibold">{words.facts}</h3>
        {mayChange && (
          <Button icon="pencil" onClick={() => setEditing('inputPrice')} small>
            {words.override}
          </Button>
        )}
      </div>
      <Facts>
        {factFields.map((field) => {
          const fact = offering.facts[field]
          if (fact === undefined && !always.has(field)) return null
          return (
            <Fact key={field} label={words.fields[field]}>
              {fact === undefined ? (
                <span className="text-fg-3">{text.common.unknown}</span>
              ) : (
                <>
                  {factText(field, fact.value)}{' '}
                  <OriginMark at={fact.at} origin={originOf[fact.origin]} source={fact.source} />
                  {fact.origin === 'human' && (
                    <span className="block text-xs break-words text-fg-3">
                      {fact.reason !== undefined && words.reasonOf(fact.reason)}{' '}
                      {mayChange && (
                        <TextButton className="tap" onClick={() => setTakingBack(field)}>
                          {words.takeBack}
                          <span className="sr-only"> {words.fields[field]}</span>
                        </TextButton>
                      )}
                    </span>
                  )}
                </>
              )}
            </Fact>
          )
        })}
        {missing.length > 0 && (
          <Fact label={words.notKnown}>
            <span className="text-fg-3">{missing.map((field) => words.fields[field]).join(', ')}</span>
          </Fact>
        )}
      </Facts>
      {editing !== null && <OverrideDialog field={editing} offering={offering} onClose={() => setEditing(null)} />}
      {takingBack !== null && (
        <ConfirmDialog
          onClose={() => setTakingBack(null)}
          request={{
            title: words.takeBackTitle(fieldTitle(takingBack)),
            body: words.takeBackBody,
            action: words.takeBack,
            reason: { label: words.overrideReason, hint: text.model.ask.reasonHint, required: true },
            run: async ({ reason }) => {
              await override.mutateAsync({ [takingBack]: null, reason })
              toast(words.takenBack)
            },
          }}
        />
      )}
    </section>
  )
}
