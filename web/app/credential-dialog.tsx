import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { HubApiError, unwrap } from '../../sdk/index.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { CheckRow, Field, Input, Textarea } from '../ui/field.tsx'
import { ProblemBox } from '../ui/problem.tsx'
import { hub, type Schema } from './client.ts'
import type { Credential, Provider } from './use-providers.ts'

const words = text.credentialDialog

/** Stores a credential of one provider: its own fields, tested before it is saved, never shown again. */
export function CredentialDialog({
  provider,
  preset = {},
  project,
  onClose,
  onCreated,
}: {
  provider: Provider
  /** Values to begin with, by field name; none of them a secret. */
  preset?: Record<string, string>
  project?: string | undefined
  onClose: () => void
  onCreated: (credential: Credential) => void
}) {
  const client = useQueryClient()
  const [name, setName] = useState(provider.title)
  const [fields, setFields] = useState<Record<string, string>>(preset)
  const [force, setForce] = useState(false)
  const create = useMutation({
    mutationFn: (body: Schema<'CreateCredential'>) => unwrap(hub.POST('/credentials', { body })),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: ['credentials'] })
      onCreated(made)
    },
  })
  const empty = provider.fields.find((field) => field.required && (fields[field.name] ?? '').trim() === '')
  const missing = name.trim() === '' ? words.nameMissing : empty === undefined ? null : words.fieldMissing(empty.title)
  const testFailed = create.error instanceof HubApiError && create.error.problem?.code === 'credential_not_proved'
  const send = () => {
    const filled = Object.entries(fields).filter(([, value]) => value.trim() !== '')
    create.mutate({
      kind: provider.kind,
      name: name.trim(),
      fields: Object.fromEntries(filled.map(([field, value]) => [field, value.trim()])),
      force,
      ...(project === undefined || project === '' ? {} : { project }),
    })
  }
  return (
    <Dialog
      description={provider.proof === null ? words.note : `${words.note} ${words.proof(provider.proof)}`}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={create.isPending} form="credential-form" look="ink" reason={missing} type="submit">
            {force ? words.saveAnyway : words.save}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.title(provider.title)}
    >
      <form
        className="grid gap-4"
        id="credential-form"
        onSubmit={(event) => {
          event.preventDefault()
          // The dialog is drawn elsewhere but stays inside the form of the page for React.
          event.stopPropagation()
          if (missing === null && !create.isPending) send()
        }}
      >
        <Field hint={words.nameHint} label={words.name}>
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
        {provider.fields.map((field) => {
          const shared = {
            autoComplete: field.secret ? 'new-password' : 'off',
            onChange: (event: { target: { value: string } }) => {
              setFields({ ...fields, [field.name]: event.target.value })
              setForce(false)
            },
            placeholder: field.example ?? undefined,
            spellCheck: false,
            value: fields[field.name] ?? '',
          }
          return (
            <Field
              key={field.name}
              label={field.title}
              {...(field.help === null ? {} : { hint: field.help })}
              {...(field.required ? {} : { optional: text.common.optional })}
            >
              {(wired) =>
                field.multiline ? (
                  <Textarea {...wired} {...shared} className="font-mono text-xs" rows={4} />
                ) : (
                  <Input {...wired} {...shared} type={field.secret ? 'password' : 'text'} />
                )
              }
            </Field>
          )
        })}
        {create.isError && <ProblemBox error={create.error} live />}
        {testFailed && (
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
