import { useState } from 'react'
import { HubApiError } from '../../../../sdk/index.ts'
import { toast } from '../../../app/toasts.tsx'
import type { Credential, Provider } from '../../../app/use-providers.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { CheckRow } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { credentialWords as words } from '../words.ts'
import { SecretFields } from './secret-fields.tsx'
import { useRotateCredential } from './use-credentials.ts'

/** Replaces the secret under its id, tested first; what is left empty stays. */
export function RotateDialog({
  credential,
  provider,
  onClose,
}: {
  credential: Credential
  provider: Provider
  onClose: () => void
}) {
  const rotate = useRotateCredential(credential.id)
  const [values, setValues] = useState<Record<string, string>>(credential.fields)
  const [force, setForce] = useState(false)
  const given = Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([name, value]) => value !== '' && value !== credential.fields[name]),
  )
  const missing = Object.keys(given).length === 0 ? words.rotateMissing : null
  const notProved = rotate.error instanceof HubApiError && rotate.error.problem?.code === 'credential_not_proved'
  const send = () =>
    rotate.mutate(
      { fields: given, force: force && notProved },
      {
        onSuccess: () => {
          toast(words.rotated(credential.name))
          onClose()
        },
      },
    )
  return (
    <Dialog
      description={words.rotateLead}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={rotate.isPending} form="rotate-form" look="ink" reason={missing} type="submit">
            {words.rotateSave}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.rotateTitle(credential.name)}
    >
      <form
        className="grid gap-4"
        id="rotate-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !rotate.isPending) send()
        }}
      >
        <SecretFields
          onChange={(next) => {
            setValues(next)
            setForce(false)
          }}
          provider={provider}
          values={values}
        />
        {rotate.isError && <ProblemBox error={rotate.error} live />}
        {notProved && (
          <CheckRow
            checked={force}
            label={words.force}
            note={words.forceNote}
            onChange={(event) => setForce(event.target.checked)}
          />
        )}
      </form>
    </Dialog>
  )
}
