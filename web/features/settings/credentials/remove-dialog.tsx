import { useState } from 'react'
import { toast } from '../../../app/toasts.tsx'
import type { Credential } from '../../../app/use-providers.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { UserList } from '../user-list.tsx'
import { credentialWords as words } from '../words.ts'
import { useRemoveCredential } from './use-credentials.ts'

/** Deletes what nothing uses; otherwise it says who does and offers the rotation that people mostly want. */
export function RemoveDialog({
  credential,
  onClose,
  onRemoved,
  onRotate,
}: {
  credential: Credential
  onClose: () => void
  onRemoved: () => void
  onRotate: () => void
}) {
  const remove = useRemoveCredential()
  const [typed, setTyped] = useState('')
  const used = credential.usedByCount > 0
  const missing = typed.trim() === credential.name ? null : text.confirm.typeMissing(credential.name)
  if (used) {
    return (
      <Dialog
        description={words.removeUsed(credential.usedByCount)}
        footer={
          <>
            <Button onClick={onClose}>{text.common.close}</Button>
            <Button look="ink" onClick={onRotate}>
              {words.rotate}
            </Button>
          </>
        }
        onClose={onClose}
        open
        title={words.removeUsedTitle(credential.name)}
      >
        <UserList count={credential.usedByCount} users={credential.usedBy} />
      </Dialog>
    )
  }
  const send = () =>
    remove.mutate(credential.id, {
      onSuccess: () => {
        toast(words.removed(credential.name))
        onRemoved()
      },
    })
  return (
    <Dialog
      description={words.removeBody}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={remove.isPending} look="danger-ink" onClick={send} reason={missing}>
            {words.remove}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.removeTitle(credential.name)}
    >
      <div className="grid gap-3">
        <Field label={text.confirm.typeLabel(credential.name)}>
          {(wired) => (
            <Input {...wired} autoComplete="off" onChange={(event) => setTyped(event.target.value)} value={typed} />
          )}
        </Field>
        {remove.isError && <ProblemBox error={remove.error} live />}
      </div>
    </Dialog>
  )
}
