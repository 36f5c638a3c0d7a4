import { useState } from 'react'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input } from '../../ui/field.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { useCreateToken } from './use-tokens.ts'
import { tokenWords as words } from './words.ts'

/** Makes an access token and shows its value this one time. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateToken()
  const [name, setName] = useState('')
  const [expires, setExpires] = useState('')
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const missing = name.trim() === '' ? words.nameMissing : null
  if (create.data !== undefined) {
    return (
      <Dialog
        description={words.madeNote}
        footer={
          <Button look="ink" onClick={onClose}>
            {words.doneCopy}
          </Button>
        }
        onClose={onClose}
        open
        title={words.made}
      >
        <CodeBlock code={create.data.token} label={words.value} />
        <h3 className="mt-4 font-medium">{words.use}</h3>
        <p className="mb-1.5 text-xs text-fg-3">{words.useNote}</p>
        <CodeBlock
          code={`export HF_ENDPOINT=${location.origin}/hf\nexport HF_TOKEN=${create.data.token}`}
          label={words.use}
        />
      </Dialog>
    )
  }
  const send = () =>
    create.mutate({ name: name.trim(), ...(expires === '' ? {} : { expiresAt: `${expires}T23:59:59Z` }) })
  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={create.isPending} form="token-form" look="ink" reason={missing} type="submit">
            {words.create}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.create}
    >
      <form
        className="grid gap-4"
        id="token-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !create.isPending) send()
        }}
      >
        {create.isError && <ProblemBox error={create.error} live />}
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
        <Field hint={words.expiresHint} label={words.expires} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              min={today}
              onChange={(event) => setExpires(event.target.value)}
              type="date"
              value={expires}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
