import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Page } from '../../../app/page.tsx'
import { type WizardStep, wizardSteps } from '../../../app/search.ts'
import { useCan } from '../../../app/session.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { wizard } from '../words.ts'
import { emptyDraft } from './draft.ts'
import { draftFrom, labelOf } from './draft-source.ts'
import { beginForm, newFormId, useForm } from './draft-store.ts'
import { StepDetails } from './step-details.tsx'
import { governanceProblem, StepGovernance } from './step-governance.tsx'
import { StepModality } from './step-modality.tsx'
import { StepReview } from './step-review.tsx'
import { StepSource } from './step-source.tsx'
import { useDraftCheck } from './use-draft-check.ts'
import { WizardRail } from './wizard-rail.tsx'

const route = getRouteApi('/app/onboarding/new')
const crumbs = [{ label: text.nav.onboarding, to: '/onboarding' }]

/** Registers one model step by step. Each form has an address of its own, so that a reload or a second window changes nothing. */
export function WizardPage() {
  const { step, form, source, name } = route.useSearch()
  const navigate = useNavigate()
  const can = useCan()
  const title = wizard.title
  const opened = useRef(false)
  useEffect(() => {
    // An address without a form begins one, once.
    const again = opened.current
    opened.current = form === undefined
    if (form !== undefined || again) return
    const begun = source === undefined ? null : draftFrom(source)
    const id =
      begun === null && name === undefined
        ? newFormId()
        : beginForm({ ...(begun ?? emptyDraft), ...(name === undefined ? {} : { name, named: true }) })
    const first = step ?? (begun === null ? 'modality' : 'details')
    void navigate({ to: '/onboarding/new', search: { form: id, step: first }, replace: true })
  }, [form, source, name, step, navigate])
  if (!can('model.write')) {
    return (
      <Page crumbs={crumbs} title={title}>
        <h1 className="sr-only">{title}</h1>
        <Empty title={text.problem.forbidden}>{wizard.forbidden}</Empty>
      </Page>
    )
  }
  return form === undefined ? (
    <Page crumbs={crumbs} title={title}>
      <h1 className="sr-only">{title}</h1>
    </Page>
  ) : (
    <WizardForm form={form} key={form} step={step ?? 'modality'} />
  )
}

function WizardForm({ form, step }: { form: string; step: WizardStep }) {
  const navigate = useNavigate()
  const [draft, change] = useForm(form)
  const { check, settled, source } = useDraftCheck(draft)
  const found = settled.state === 'done' ? check.data : undefined
  const go = (next: WizardStep) => void navigate({ to: '/onboarding/new', search: { form, step: next } })
  const at = wizardSteps.indexOf(step)
  const next = wizardSteps[at + 1]
  const previous = wizardSteps[at - 1]
  const checkReason =
    settled.state === 'incomplete'
      ? settled.missing
      : settled.state === 'waiting'
        ? wizard.needCheck
        : found?.ok === true
          ? null
          : wizard.needOk
  const reasons: Partial<Record<WizardStep, string | null>> = {
    source: draft.source === null ? wizard.missing.source : null,
    details: checkReason,
    governance: governanceProblem(draft) ?? null,
  }
  const hold = reasons[step] ?? null
  const forward = () => {
    // What was looked at is what will be taken: the revision is pinned here, and a suggestion fills an untouched name.
    if (step === 'details' && found !== undefined) {
      const pinned = draft.source === 'huggingface' ? (found.remote?.pinned ?? null) : null
      change({
        ...(draft.named || found.suggestedName === null ? {} : { name: found.suggestedName }),
        ...(pinned === null ? {} : { huggingface: { ...draft.huggingface, commit: pinned } }),
      })
    }
    if (next !== undefined) go(next)
  }
  return (
    <Page bare crumbs={crumbs} title={wizard.title}>
      <div className="lg:grid lg:min-h-full lg:grid-cols-[13.75rem_minmax(0,1fr)]">
        <WizardRail
          answers={{
            modality: at > 0 ? (draft.modality === null ? wizard.answers.auto : text.modalities[draft.modality]) : '',
            source: draft.source === null || at < 1 ? '' : text.sources[draft.source],
            details: labelOf(draft).split('/').slice(-2).join('/'),
            governance: draft.name,
          }}
          current={step}
          form={form}
          note={draft.source === 'url' ? wizard.savedNoQuery : wizard.saved}
        />
        <form
          className="min-w-0 px-4 py-4 md:px-7 md:py-5"
          onSubmit={(event) => {
            event.preventDefault()
            if (hold === null && next !== undefined) forward()
          }}
        >
          {step === 'modality' && <StepModality change={change} draft={draft} />}
          {step === 'source' && <StepSource change={change} draft={draft} />}
          {step === 'details' && (
            <StepDetails change={change} check={check} draft={draft} form={form} settled={settled} />
          )}
          {step === 'governance' && (
            <StepGovernance change={change} draft={draft} suggestion={found?.suggestedName ?? null} />
          )}
          {step === 'review' && (
            <StepReview
              check={found}
              draft={draft}
              form={form}
              reason={checkReason ?? governanceProblem(draft) ?? null}
              source={source}
            />
          )}
          <div className="mt-6 flex gap-2 border-t border-line pt-4">
            {previous !== undefined && <Button onClick={() => go(previous)}>{text.common.back}</Button>}
            {next !== undefined && (
              <>
                <span aria-hidden="true" className="ml-auto self-center text-right text-xs text-fg-3">
                  {hold}
                </span>
                <Button look="ink" reason={hold} type="submit">
                  {text.common.next}
                </Button>
              </>
            )}
          </div>
        </form>
      </div>
    </Page>
  )
}
