import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { unwrap } from '../../sdk/index.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field, Textarea } from '../ui/field.tsx'
import { ProblemBox } from '../ui/problem.tsx'
import { hub, type Schema } from './client.ts'
import { toast } from './toasts.tsx'

const words = text.freshLink

/** Another address for the same file, such as a fresh signature: the download goes on with the bytes that are here. */
export function FreshLinkDialog({
  version,
  onClose,
}: {
  version: Pick<Schema<'ModelVersion'>, 'id' | 'source'>
  onClose: () => void
}) {
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useId()
  const [url, setUrl] = useState('')
  const replace = useMutation({
    mutationFn: () =>
      unwrap(
        hub.POST('/versions/{id}/source-url', { params: { path: { id: version.id } }, body: { url: url.trim() } }),
      ),
    onSuccess: async ({ job }) => {
      onClose()
      toast(job === null ? words.kept : words.goesOn)
      await client.invalidateQueries()
      if (job !== null) await navigate({ to: '/onboarding/$jobId', params: { jobId: job.id } })
    },
  })
  const bad = !URL.canParse(url.trim()) || !/^https?:/i.test(url.trim())
  return (
    <Dialog
      description={words.note}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={replace.isPending} form={form} look="ink" reason={bad ? words.shape : null} type="submit">
            {words.action}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.title}
      wide
    >
      <form
        className="grid gap-4"
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          if (!bad && !replace.isPending) replace.mutate()
        }}
      >
        <p className="text-xs [overflow-wrap:anywhere] text-fg-3">
          {words.before} <code>{version.source.address}</code>
        </p>
        <Field hint={words.hint} label={words.label}>
          {(wired) => (
            <Textarea
              {...wired}
              autoComplete="off"
              className="font-mono text-xs break-all"
              maxLength={8_192}
              onChange={(event) => setUrl(event.target.value.replace(/\s+/g, ''))}
              rows={4}
              spellCheck={false}
              value={url}
            />
          )}
        </Field>
        {replace.isError && <ProblemBox error={replace.error} live />}
      </form>
    </Dialog>
  )
}
