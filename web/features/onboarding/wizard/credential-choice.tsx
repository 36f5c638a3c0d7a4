import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'
import { CredentialDialog } from '../../../app/credential-dialog.tsx'
import { useCan } from '../../../app/session.ts'
import { type Credential, useCredentials, useProviders } from '../../../app/use-providers.ts'
import { when } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button, TextButton } from '../../../ui/button.tsx'
import { Field, Select } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { wizard } from '../words.ts'

const words = wizard.credential

/** Which stored credential reads the source; a new one is made in place, and an old one tested again. */
export function CredentialChoice({
  kind,
  value,
  onChange,
  hint,
  none,
  preset,
  project,
  required = false,
}: {
  /** Kind of provider whose credentials fit. */
  kind: string
  value: string
  onChange: (id: string) => void
  hint?: ReactNode
  /** What choosing none means. */
  none: string
  preset?: Record<string, string>
  project?: string
  /** True: the source gives nothing without one. */
  required?: boolean
}) {
  const can = useCan()
  const [making, setMaking] = useState(false)
  const mayRead = can('credential.read')
  const credentials = useCredentials(kind, mayRead)
  const provider = useProviders().data?.find((one) => one.kind === kind)
  const chosen = credentials.data?.find((one) => one.id === value)
  const gone = value !== '' && credentials.data !== undefined && chosen === undefined
  const sole = required && credentials.data?.length === 1 ? credentials.data[0]?.id : undefined
  useEffect(() => {
    if (sole !== undefined && value === '') onChange(sole)
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- proposed once, when what there is becomes known
  }, [sole])
  const refused = can('credential.write') ? null : words.forbidden
  return (
    <div className="grid gap-1.5">
      <Field
        error={gone ? words.gone : undefined}
        hint={mayRead ? hint : words.forbidden}
        label={words.label}
        {...(required ? {} : { optional: text.common.optional })}
      >
        {(wired) => (
          <div className="flex gap-2">
            <Select {...wired} onChange={(event) => onChange(event.target.value)} value={value}>
              <option value="">{none}</option>
              {gone && <option value={value}>{value}</option>}
              {credentials.data?.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </Select>
            <Button
              icon="plus"
              onClick={() => setMaking(true)}
              reason={refused ?? (provider === undefined ? text.common.loading : null)}
            >
              {words.make}
            </Button>
          </div>
        )}
      </Field>
      {chosen !== undefined && <LastTest credential={chosen} mayTest={refused === null} />}
      {credentials.isError && mayRead && (
        <p className="text-xs text-fail-fg">
          {words.unread} <TextButton onClick={() => void credentials.refetch()}>{text.common.tryAgain}</TextButton>
        </p>
      )}
      {making && provider !== undefined && (
        <CredentialDialog
          onClose={() => setMaking(false)}
          onCreated={(made) => {
            onChange(made.id)
            setMaking(false)
          }}
          project={project}
          provider={provider}
          {...(preset === undefined ? {} : { preset })}
        />
      )}
    </div>
  )
}

function LastTest({ credential, mayTest }: { credential: Credential; mayTest: boolean }) {
  const client = useQueryClient()
  const test = useMutation({
    mutationFn: () => unwrap(hub.POST('/credentials/{id}/test', { params: { path: { id: credential.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['credentials'] }),
  })
  const last = credential.lastTest
  return (
    <p aria-live="polite" className="flex flex-wrap items-center gap-x-1.5 gap-y-1 text-xs text-fg-2">
      <Icon
        className={last === null ? 'text-part-fg' : last.ok ? 'text-pass-fg' : 'text-fail-fg'}
        name={last === null ? 'circle-dashed' : last.ok ? 'circle-check' : 'octagon'}
        size={14}
      />
      <span className="min-w-0 break-words">
        {last === null
          ? words.untested
          : last.ok
            ? words.holds(when(last.at))
            : words.failed(when(last.at), last.message)}
      </span>
      {mayTest && <TextButton onClick={() => test.mutate()}>{test.isPending ? words.testing : words.test}</TextButton>}
      {test.isError && <span className="text-fail-fg">{test.error.message}</span>}
    </p>
  )
}
