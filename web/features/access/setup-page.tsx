import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { text } from '../../text.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { AccessFrame } from './access-frame.tsx'
import { useCompleteSetup } from './use-access.ts'

const route = getRouteApi('/setup')
const minimum = 12

export function SetupPage() {
  const { token } = route.useSearch()
  const { needed } = route.useLoaderData()
  if (!needed) {
    return (
      <AccessFrame lead={text.access.setupDoneHow} title={text.access.setupDone}>
        <ButtonLink look="ink" to="/sign-in">
          {text.access.signIn}
        </ButtonLink>
      </AccessFrame>
    )
  }
  if (token === undefined)
    return (
      <AccessFrame lead={text.access.setupNoTokenHow} title={text.access.setupNoToken}>
        {null}
      </AccessFrame>
    )
  return <SetupForm token={token} />
}

function SetupForm({ token }: { token: string }) {
  const router = useRouter()
  const setup = useCompleteSetup()
  const [values, setValues] = useState({ name: '', email: '', password: '' })
  const [checked, setChecked] = useState(false)
  const errors = {
    name: values.name.trim() === '' ? text.access.nameMissing : undefined,
    email: values.email.includes('@') ? undefined : text.access.emailMissing,
    password: values.password.length < minimum ? text.access.passwordShort(values.password.length) : undefined,
  }
  const shown = checked ? errors : { name: undefined, email: undefined, password: undefined }
  const set = (key: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues((now) => ({ ...now, [key]: event.target.value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (Object.values(errors).some((error) => error !== undefined)) return
    setup.mutate(
      { token, name: values.name.trim(), email: values.email.trim(), password: values.password },
      { onSuccess: () => router.history.replace('/models') },
    )
  }
  return (
    <AccessFrame lead={text.access.setupLead} title={text.access.setupTitle}>
      <form className="grid gap-4" noValidate onSubmit={submit}>
        {setup.isError && <ProblemBox error={setup.error} live />}
        <Field error={shown.name} label={text.access.name}>
          {(wired) => (
            <Input {...wired} autoComplete="name" maxLength={100} onChange={set('name')} value={values.name} />
          )}
        </Field>
        <Field error={shown.email} label={text.access.email}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="username"
              maxLength={254}
              onChange={set('email')}
              type="email"
              value={values.email}
            />
          )}
        </Field>
        <Field error={shown.password} hint={text.access.passwordHint} label={text.access.password}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="new-password"
              maxLength={256}
              onChange={set('password')}
              type="password"
              value={values.password}
            />
          )}
        </Field>
        <Button busy={setup.isPending} look="ink" type="submit">
          {text.access.create}
        </Button>
      </form>
      <p className="rounded-card border border-line bg-surface p-4 text-xs text-fg-2">{text.access.starterNote}</p>
    </AccessFrame>
  )
}
