import { Link, useNavigate } from '@tanstack/react-router'
import { useCan } from '../../app/session.ts'
import { text } from '../../text.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card, CardHead } from '../../ui/card.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Time } from '../../ui/time.tsx'
import { useDraftModels, useStartDraft } from './use-onboarding.ts'
import { labelOf } from './wizard/draft-source.ts'
import { dropForm, useStoredForms } from './wizard/draft-store.ts'

/** Forms left half-way in this browser, and versions registered without being started. */
export function Drafts() {
  const can = useCan()
  const navigate = useNavigate()
  const forms = useStoredForms()
  const drafts = useDraftModels().data ?? []
  const start = useStartDraft()
  const mayWrite = can('model.write')
  const shownForms = mayWrite ? forms : []
  if (shownForms.length === 0 && drafts.length === 0) return null
  return (
    <Card className="mb-4">
      <CardHead note={text.onboarding.draftsNote} title={text.onboarding.drafts} />
      <ul className="px-4 pb-2">
        {shownForms.map(({ id, draft, at }) => (
          <li className="flex flex-wrap items-center gap-2 border-t border-line py-2.5" key={id}>
            <span className="min-w-0 grow basis-48">
              <span className="block truncate font-medium">{draft.name || text.onboarding.unfinished}</span>
              <span className="block truncate text-xs text-fg-3">
                {text.onboarding.unfinishedNote(
                  [draft.source === null ? '' : text.sources[draft.source], labelOf(draft)].filter(Boolean).join(', '),
                )}
              </span>
            </span>
            <span className="text-xs text-fg-3 max-md:hidden">
              <Time at={at} />
            </span>
            <Button look="quiet" onClick={() => dropForm(id)} small>
              {text.onboarding.discard}
            </Button>
            <ButtonLink
              search={{ form: id, step: draft.source === null ? 'source' : 'details' }}
              small
              to="/onboarding/new"
            >
              {text.onboarding.resume}
            </ButtonLink>
          </li>
        ))}
        {drafts.map((model) => (
          <li className="flex flex-wrap items-center gap-2 border-t border-line py-2.5" key={model.id}>
            <span className="min-w-0 grow basis-48">
              <Link
                className="block truncate font-medium hover:underline"
                params={{ _splat: model.name }}
                to="/models/$"
              >
                {model.name}
              </Link>
              <span className="block truncate text-xs text-fg-3">{model.defaultVersion.source.address}</span>
            </span>
            <span className="text-xs text-fg-3 max-md:hidden">
              <Time at={model.updatedAt} />
            </span>
            {mayWrite && (
              <Button
                aria-label={text.onboarding.startDraftOf(model.name)}
                busy={start.isPending && start.variables === model.defaultVersion.id}
                onClick={() =>
                  start.mutate(model.defaultVersion.id, {
                    onSuccess: (job) => void navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } }),
                  })
                }
                small
              >
                {text.onboarding.startDraft}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {start.isError && (
        <div className="px-4 pb-4">
          <ProblemBox error={start.error} live />
        </div>
      )}
    </Card>
  )
}
