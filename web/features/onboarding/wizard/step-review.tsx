import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { toast } from '../../../app/toasts.tsx'
import { bytes } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, Fact, Facts } from '../../../ui/card.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Room, sizeWords } from '../check/check-files.tsx'
import { Notes } from '../check/check-result.tsx'
import { type SourceCheck, useCreateModel, useProjects } from '../use-onboarding.ts'
import { wizard } from '../words.ts'
import { type Draft, memoryLimitBytes, splitTags } from './draft.ts'
import { bodyOf, type Source } from './draft-source.ts'
import { dropForm } from './draft-store.ts'
import { ReviewSource } from './review-source.tsx'

/** Everything on one page, then the one action. Sending twice makes one model: the key of the form is sent along. */
export function StepReview({
  draft,
  form,
  source,
  check,
  reason,
}: {
  draft: Draft
  form: string
  source: Source | null
  check: SourceCheck | undefined
  reason: string | null
}) {
  const navigate = useNavigate()
  const create = useCreateModel()
  const projects = useProjects()
  const [key] = useState(() => `${form}-${Date.now().toString(36)}`)
  const send = (start: boolean) => {
    if (source === null) return
    create.mutate(
      { body: bodyOf(draft, source, start), key: `${key}-${start}` },
      {
        onSuccess: ({ job, model }) => {
          dropForm(form)
          if (job !== null) void navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } })
          else {
            toast(wizard.draftKept(model.name))
            void navigate({ to: '/models/$', params: { _splat: model.name } })
          }
        },
      },
    )
  }
  const hosted = draft.source === 'cloud'
  const after = (['benchmark', 'evaluate', 'publish'] as const)
    .filter((part) => draft[part] && !(hosted && part !== 'publish'))
    .map((part) => wizard.afterwards[part])
  const warnings = check?.notes.filter(({ level }) => level !== 'fact') ?? []
  const limit = memoryLimitBytes(draft.memoryLimit)
  const hardware = [
    draft.preference === '' ? '' : wizard.hardware[draft.preference],
    limit === null ? '' : wizard.hardware.upTo(bytes(limit)),
  ].filter((word) => word !== '')
  return (
    <div className="max-w-2xl">
      <h1 className="text-xl font-semibold">{wizard.reviewTitle}</h1>
      <p className="mt-1 mb-4 text-fg-2">{wizard.reviewLead}</p>
      <Card>
        <Facts wide>
          <Fact label={wizard.name}>
            <strong className="font-semibold">{draft.name || text.common.unknown}</strong>
          </Fact>
          <ReviewSource draft={draft} />
          {!hosted && (
            <Fact label={wizard.fileList}>{check === undefined ? text.common.unknown : sizeWords(check)}</Fact>
          )}
          {!hosted && <Fact label={wizard.checkLicense}>{check?.licenseTag ?? wizard.checkLicenseNone}</Fact>}
          <Fact label={wizard.steps.modality}>
            {draft.modality === null ? wizard.answers.auto : text.modalities[draft.modality]}
          </Fact>
          <Fact label={wizard.project}>
            {projects.data?.find((project) => project.id === draft.project)?.name ?? wizard.projectDefault}
          </Fact>
          {!hosted && <Fact label={wizard.hardware.title}>{hardware.join(', ') || wizard.hardware.any}</Fact>}
          <Fact label={wizard.tags}>{splitTags(draft.tags).join(', ') || text.common.notApplicable}</Fact>
          <Fact label={wizard.description}>{draft.description || text.common.notApplicable}</Fact>
          <Fact label={wizard.after}>{after.join(', ') || wizard.nothing}</Fact>
        </Facts>
        {warnings.length > 0 && (
          <div className="border-t border-line">
            <Notes notes={warnings} />
          </div>
        )}
        {check !== undefined && !hosted && (
          <div className="border-t border-line px-4 py-3">
            <Room disk={check.disk} />
          </div>
        )}
      </Card>
      {create.isError && (
        <div className="mt-4">
          <ProblemBox error={create.error} live />
        </div>
      )}
      {reason !== null && (
        <p className="mt-4 flex items-center gap-2 text-warn-fg" role="status">
          <Icon name="alert" />
          {reason}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button busy={create.isPending} look="ink" onClick={() => send(true)} reason={reason}>
          {wizard.begin}
        </Button>
        <Button onClick={() => send(false)} reason={create.isPending ? text.common.loading : reason}>
          {wizard.keepDraft}
        </Button>
      </div>
    </div>
  )
}
