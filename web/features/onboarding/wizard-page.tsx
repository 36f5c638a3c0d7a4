import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Page } from '../../app/page.tsx'
import { type WizardStep, wizardSteps } from '../../app/search.ts'
import { useCan } from '../../app/session.ts'
import { useDebounced } from '../../app/use-debounced.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { useDraft } from './draft.ts'
import { StepDetails } from './step-details.tsx'
import { nameProblem, StepGovernance } from './step-governance.tsx'
import { StepModality } from './step-modality.tsx'
import { StepReview } from './step-review.tsx'
import { StepSource } from './step-source.tsx'
import { useSourceCheck } from './use-onboarding.ts'
import { WizardRail } from './wizard-rail.tsx'

const route = getRouteApi('/app/onboarding/new')

export function WizardPage() {
  const { step = 'modality' } = route.useSearch()
  const navigate = useNavigate()
  const can = useCan()
  const [draft, change] = useDraft()
  const path = useDebounced(draft.path.trim(), 400)
  const check = useSourceCheck(path, draft.mode)
  const settled = path === draft.path.trim() && !check.isFetching
  const go = (next: WizardStep) => void navigate({ to: '/onboarding/new', search: { step: next } })
  const at = wizardSteps.indexOf(step)
  const next = wizardSteps[at + 1]
  const previous = wizardSteps[at - 1]
  const checkReason =
    draft.path.trim() === ''
      ? text.wizard.needPath
      : !settled
        ? text.wizard.needCheck
        : check.data?.ok !== true
          ? text.wizard.needOk
          : null
  const hold = step === 'details' ? checkReason : step === 'governance' ? (nameProblem(draft.name) ?? null) : null
  const forward = () => {
    // The suggestion fills an untouched name when its step opens.
    if (step === 'details' && !draft.named && check.data?.suggestedName) change({ name: check.data.suggestedName })
    if (next !== undefined) go(next)
  }
  const title = text.wizard.title
  if (!can('model.write')) {
    return (
      <Page crumbs={[{ label: text.nav.onboarding, to: '/onboarding' }]} title={title}>
        <h1 className="sr-only">{title}</h1>
        <Empty title={text.problem.forbidden} />
      </Page>
    )
  }
  return (
    <Page bare crumbs={[{ label: text.nav.onboarding, to: '/onboarding' }]} title={title}>
      <div className="lg:grid lg:min-h-full lg:grid-cols-[13.75rem_minmax(0,1fr)]">
        <WizardRail
          answers={{
            modality:
              at > 0 ? (draft.modality === null ? text.wizard.answers.auto : text.modalities[draft.modality]) : '',
            source: at > 1 ? text.wizard.answers.disk : '',
            details: draft.path.split('/').at(-1) ?? '',
            governance: draft.name,
          }}
          current={step}
          note={text.wizard.saved}
          reachable
        />
        <form
          className="min-w-0 px-4 py-4 md:px-7 md:py-5"
          onSubmit={(event) => {
            event.preventDefault()
            if (hold === null && next !== undefined) forward()
          }}
        >
          {step === 'modality' && <StepModality change={change} draft={draft} />}
          {step === 'source' && <StepSource />}
          {step === 'details' && <StepDetails change={change} check={check} draft={draft} settled={settled} />}
          {step === 'governance' && (
            <StepGovernance change={change} draft={draft} suggestion={check.data?.suggestedName ?? null} />
          )}
          {step === 'review' && (
            <StepReview check={check.data} draft={draft} reason={checkReason ?? nameProblem(draft.name) ?? null} />
          )}
          <div className="mt-6 flex gap-2 border-t border-line pt-4">
            {previous !== undefined && <Button onClick={() => go(previous)}>{text.common.back}</Button>}
            {next !== undefined && (
              <Button className="ml-auto" look="ink" reason={hold} type="submit">
                {text.common.next}
              </Button>
            )}
          </div>
        </form>
      </div>
    </Page>
  )
}
