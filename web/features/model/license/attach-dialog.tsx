import { useState } from 'react'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input, Textarea } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import type { Version } from '../use-model.ts'
import { useAttach } from './use-license.ts'
import { attachedWords as words } from './words.ts'

/** Brings a license text, or the address where the terms stand, with the reason. */
export function AttachDialog({ version, onClose }: { version: Version; onClose: () => void }) {
  const attach = useAttach(version)
  const [kind, setKind] = useState<'text' | 'link'>('text')
  const [content, setContent] = useState('')
  const [url, setUrl] = useState('')
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const given = kind === 'text' ? content.trim() : url.trim()
  const act = () =>
    attach.mutate(
      {
        ...(kind === 'text' ? { text: content } : { url: url.trim() }),
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        reason: reason.trim(),
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog
      description={words.attachNote}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button
            busy={attach.isPending}
            look="ink"
            onClick={act}
            reason={given === '' || reason.trim() === '' ? words.missing : null}
          >
            {words.save}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.attachTitle}
    >
      <div className="grid gap-3">
        <div>
          <Segmented
            label={words.kind}
            onChange={setKind}
            options={[
              { value: 'text', label: words.kinds.text },
              { value: 'link', label: words.kinds.link },
            ]}
            value={kind}
          />
        </div>
        {kind === 'text' ? (
          <>
            <Field label={words.file} optional={text.common.optional}>
              {(wired) => (
                <Input
                  {...wired}
                  className="py-1"
                  onChange={(event) => {
                    const file = event.target.files?.[0]
                    if (file === undefined) return
                    setName(file.name)
                    void file.text().then(setContent)
                  }}
                  type="file"
                />
              )}
            </Field>
            <Field hint={words.textHint} label={words.text}>
              {(wired) => (
                <Textarea {...wired} onChange={(event) => setContent(event.target.value)} rows={6} value={content} />
              )}
            </Field>
          </>
        ) : (
          <Field hint={words.urlHint} label={words.url}>
            {(wired) => <Input {...wired} onChange={(event) => setUrl(event.target.value)} type="url" value={url} />}
          </Field>
        )}
        <Field hint={words.nameHint} label={words.name} optional={text.common.optional}>
          {(wired) => (
            <Input {...wired} maxLength={200} onChange={(event) => setName(event.target.value)} value={name} />
          )}
        </Field>
        <Field hint={words.reasonHint} label={words.reason}>
          {(wired) => (
            <Textarea
              {...wired}
              maxLength={2_000}
              onChange={(event) => setReason(event.target.value)}
              rows={2}
              value={reason}
            />
          )}
        </Field>
        {attach.isError && <ProblemBox error={attach.error} live />}
      </div>
    </Dialog>
  )
}
