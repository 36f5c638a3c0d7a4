import { useState } from 'react'
import type { Credential } from '../../../app/use-providers.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { credentialWords as words } from '../words.ts'
import { useRenameCredential } from './use-credentials.ts'

export function RenameDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const rename = useRenameCredential(credential.id)
  const [name, setName] = useState(credential.name)
  const missing = name.trim() === '' ? words.nameMissing : null
  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={rename.isPending} form="rename-form" look="ink" reason={missing} type="submit">
            {words.renameSave}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.renameTitle(credential.name)}
    >
      <form
        className="grid gap-4"
        id="rename-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !rename.isPending) rename.mutate(name.trim(), { onSuccess: onClose })
        }}
      >
        {rename.isError && <ProblemBox error={rename.error} live />}
        <Field label={words.name}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="off"
              maxLength={100}
              onChange={(event) => setName(event.target.value)}
              value={name}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
