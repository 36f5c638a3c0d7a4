import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Schema } from '../../app/client.ts'
import { toast } from '../../app/toasts.tsx'
import { bytes } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Fact, Facts } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { type Draft, tagsOf, writeDraft } from './draft.ts'
import { type SourceCheck, useCreateModel, useProjects } from './use-onboarding.ts'

/** Everything on one page, then the one action. Sending twice makes one model: the key of the form is sent along. */
export function StepReview({
  draft,
  check,
  reason,
}: {
  draft: Draft
  check: SourceCheck | undefined
  reason: string | null
}) {
  const navigate = useNavigate()
  const create = useCreateModel()
  const projects = useProjects()
  const [key] = useState(() => crypto.randomUUID?.() ?? String(Math.random()).slice(2))
  const send = (start: boolean) =>
    create.mutate(
      { body: bodyOf(draft, start), key: `${key}-${start}` },
      {
        onSuccess: ({ job, model }) => {
          writeDraft(null)
          if (job !== null) void navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } })
          else {
            toast(text.wizard.draftKept(model.name))
            void navigate({ to: '/models/$', params: { _splat: model.name } })
          }
        },
      },
    )
  const after = (['benchmark', 'evaluate', 'publish'] as const)
    .filter((part) => draft[part])
    .map((part) => text.wizard.afterwards[part])
  return (
    <div className="max-w-2xl">
      <h1 className="text-xl font-semibold">{text.wizard.reviewTitle}</h1>
      <p className="mt-1 mb-4 text-fg-2">{text.wizard.reviewLead}</p>
      <Card>
        <Facts wide>
          <Fact label={text.wizard.name}>
            <strong className="font-semibold">{draft.name || text.common.unknown}</strong>
          </Fact>
          <Fact label={text.wizard.path}>
            <code className="text-xs">{draft.path || text.common.unknown}</code>
          </Fact>
          <Fact label={text.wizard.mode}>{draft.mode === 'copy' ? text.wizard.copy : text.wizard.inPlace}</Fact>
          <Fact label={text.wizard.fileList}>
            {check === undefined
              ? text.common.unknown
              : text.wizard.checkFiles(text.common.files(check.fileCount), bytes(check.totalBytes))}
          </Fact>
          <Fact label={text.wizard.steps.modality}>
            {draft.modality === null ? text.wizard.answers.auto : text.modalities[draft.modality]}
          </Fact>
          <Fact label={text.wizard.project}>
            {projects.data?.find((project) => project.id === draft.project)?.name ?? text.wizard.projectDefault}
          </Fact>
          <Fact label={text.wizard.tags}>{tagsOf(draft).join(', ') || text.common.notApplicable}</Fact>
          <Fact label={text.wizard.description}>{draft.description || text.common.notApplicable}</Fact>
          <Fact label={text.wizard.after}>{after.join(', ') || text.wizard.nothing}</Fact>
        </Facts>
      </Card>
      {create.isError && (
        <div className="mt-4">
          <ProblemBox error={create.error} live />
        </div>
      )}
      {reason !== null && (
        <p className="mt-4 flex items-center gap-2 text-warn-fg">
          <Icon name="alert" />
          {reason}
        </p>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button busy={create.isPending} look="ink" onClick={() => send(true)} reason={reason}>
          {text.wizard.begin}
        </Button>
        <Button onClick={() => send(false)} reason={create.isPending ? text.common.loading : reason}>
          {text.wizard.keepDraft}
        </Button>
      </div>
    </div>
  )
}

function bodyOf(draft: Draft, start: boolean): Schema<'CreateModel'> {
  const tags = tagsOf(draft)
  return {
    name: draft.name,
    source: { type: 'disk', path: draft.path.trim(), mode: draft.mode },
    start,
    onboarding: { benchmark: draft.benchmark, evaluate: draft.evaluate, publish: draft.publish },
    ...(draft.modality === null ? {} : { modality: draft.modality }),
    ...(draft.description.trim() === '' ? {} : { description: draft.description.trim() }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(draft.project === '' ? {} : { project: draft.project }),
  }
}
