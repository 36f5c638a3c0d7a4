import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { setupQuery } from '../../app/session.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { AccessFrame } from './access-frame.tsx'
import { useSignIn } from './use-access.ts'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { next } = route.useSearch()
  const router = useRouter()
  const setup = useQuery(setupQuery)
  const signIn = useSignIn()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate({ email: email.trim(), password }, { onSuccess: () => router.history.push(next ?? '/models') })
  }
  if (setup.data?.needed === true) return <SetupNeeded />
  return (
    <AccessFrame lead={text.access.noAccount} title={text.access.signInTitle}>
      <form className="grid gap-4" noValidate onSubmit={submit}>
        {signIn.isError && <ProblemBox error={signIn.error} live />}
        <Field label={text.access.email}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="username"
              onChange={(event) => setEmail(event.target.value)}
              required
              type="email"
              value={email}
            />
          )}
        </Field>
        <Field label={text.access.password}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="current-password"
              onChange={(event) => setPassword(event.target.value)}
              required
              type="password"
              value={password}
            />
          )}
        </Field>
        <Button busy={signIn.isPending} look="ink" type="submit">
          {text.access.signIn}
        </Button>
      </form>
    </AccessFrame>
  )
}

function SetupNeeded() {
  return (
    <AccessFrame title={text.access.setupNeeded}>
      <div className="flex gap-3 rounded-card border border-line bg-surface p-4">
        <Icon className="mt-px text-fg-2" name="info" />
        <div className="grid gap-2 text-fg-2">
          <p>{text.access.setupNeededHow}</p>
          <p>{text.access.setupNeededAgain}</p>
        </div>
      </div>
    </AccessFrame>
  )
}
