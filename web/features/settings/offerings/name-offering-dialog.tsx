import { useState } from 'react'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Field, Input, Select } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { offeringWords as words } from '../words.ts'
import { useNameOffering, useSellers } from './use-offerings.ts'

/** Names a model that no list has yet. */
export function NameOfferingDialog({
  preset,
  onClose,
  onNamed,
}: {
  /** Kind of the provider to begin with. */
  preset: string | undefined
  onClose: () => void
  onNamed: (id: string) => void
}) {
  const sellers = useSellers().data ?? []
  const name = useNameOffering()
  const [provider, setProvider] = useState(preset ?? '')
  const [model, setModel] = useState('')
  const missing = provider === '' || model.trim() === '' ? words.addMissing : null
  return (
    <Dialog
      description={words.addLead}
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={name.isPending} form="name-form" look="ink" reason={missing} type="submit">
            {words.addSave}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.addTitle}
    >
      <form
        className="grid gap-4"
        id="name-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !name.isPending) {
            name.mutate({ provider, model: model.trim() }, { onSuccess: ({ id }) => onNamed(id) })
          }
        }}
      >
        {name.isError && <ProblemBox error={name.error} live />}
        <Field label={words.addProvider}>
          {(wired) => (
            <Select {...wired} onChange={(event) => setProvider(event.target.value)} value={provider}>
              <option value="">{words.addChoose}</option>
              {sellers.map(({ kind, title }) => (
                <option key={kind} value={kind}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field hint={words.addModelHint} label={words.addModel}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="off"
              className="font-mono"
              maxLength={200}
              onChange={(event) => setModel(event.target.value)}
              spellCheck={false}
              value={model}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
