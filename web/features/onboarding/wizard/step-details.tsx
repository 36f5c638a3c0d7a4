import type { UseQueryResult } from '@tanstack/react-query'
import type { FunctionComponent } from 'react'
import { CheckResult } from '../check/check-result.tsx'
import type { SourceCheck } from '../use-onboarding.ts'
import { wizard } from '../words.ts'
import { DetailsCloud } from './details-cloud.tsx'
import { DetailsDisk } from './details-disk.tsx'
import { DetailsHuggingFace } from './details-hugging-face.tsx'
import { DetailsUrl } from './details-url.tsx'
import type { ChangeDraft, Draft, SourceChoice } from './draft.ts'
import type { Settled } from './use-draft-check.ts'

const forms: Record<SourceChoice, FunctionComponent<{ draft: Draft; change: ChangeDraft; form: string }>> = {
  cloud: DetailsCloud,
  huggingface: DetailsHuggingFace,
  url: DetailsUrl,
  disk: DetailsDisk,
}

export function StepDetails({
  draft,
  change,
  check,
  settled,
  form,
}: {
  draft: Draft
  change: ChangeDraft
  check: UseQueryResult<SourceCheck>
  settled: Settled
  /** Id of the form. */
  form: string
}) {
  const source = draft.source ?? 'disk'
  const Form = forms[source]
  return (
    <>
      <h1 className="text-xl font-semibold">{wizard.detailsTitles[source]}</h1>
      <div className="mt-4 grid gap-6 xl:grid-cols-[minmax(0,1fr)_minmax(0,24rem)]">
        <div className="grid min-w-0 content-start gap-4">
          <Form change={change} draft={draft} form={form} />
        </div>
        <CheckResult check={check} settled={settled} />
      </div>
    </>
  )
}
