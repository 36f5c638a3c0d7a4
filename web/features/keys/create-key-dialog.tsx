import { useState } from 'react'
import { useRoutes } from '../../app/use-serving.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckRow, Field, Input } from '../../ui/field.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { useCreateKey } from './use-keys.ts'
import { keysText } from './words.ts'

const words = keysText.keys

/** Makes a key and shows its value this one time. */
export function CreateKeyDialog({ model, onClose }: { model: string | undefined; onClose: () => void }) {
  const create = useCreateKey()
  const routes = useRoutes().data ?? []
  const [name, setName] = useState('')
  const [scope, setScope] = useState<'all' | 'some'>(model === undefined ? 'all' : 'some')
  const [models, setModels] = useState<string[]>(model === undefined ? [] : [model])
  const [expires, setExpires] = useState('')
  const [today] = useState(() => new Date().toISOString().slice(0, 10))
  const names = [...new Set([...routes.map((route) => route.name), ...models])]
  const missing =
    name.trim() === '' ? words.nameMissing : scope === 'some' && models.length === 0 ? words.scopeSome : null
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
        <CodeBlock code={create.data.key} label={words.value} />
      </Dialog>
    )
  }
  const send = () =>
    create.mutate({
      name: name.trim(),
      ...(scope === 'some' ? { models } : {}),
      ...(expires === '' ? {} : { expiresAt: `${expires}T23:59:59Z` }),
    })
  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={create.isPending} look="ink" onClick={send} reason={missing}>
            {words.create}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.create}
    >
      <div className="grid gap-4">
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
        <div className="grid gap-2">
          <span className="font-medium">{words.scope}</span>
          <Segmented
            label={words.scope}
            onChange={setScope}
            options={[
              { value: 'all', label: words.scopeAll },
              { value: 'some', label: words.scopeSome },
            ]}
            value={scope}
          />
          {scope === 'some' && (
            <div className="max-h-44 overflow-y-auto rounded-control border border-line px-3 py-2">
              {names.length === 0 && <p className="text-fg-3">{words.noRoutes}</p>}
              {names.map((route) => (
                <CheckRow
                  checked={models.includes(route)}
                  key={route}
                  label={route}
                  onChange={(event) =>
                    setModels(event.target.checked ? [...models, route] : models.filter((other) => other !== route))
                  }
                />
              ))}
            </div>
          )}
        </div>
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
      </div>
    </Dialog>
  )
}
