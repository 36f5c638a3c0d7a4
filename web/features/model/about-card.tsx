import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { unwrap } from '../../../sdk/index.ts'
import { hub } from '../../app/client.ts'
import { useCan } from '../../app/session.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Card, CardHead } from '../../ui/card.tsx'
import { Tag } from '../../ui/chip.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, Input, Textarea } from '../../ui/field.tsx'
import { OriginMark } from '../../ui/origin-mark.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import type { Model, Version } from './use-model.ts'

const words = text.model.about

/** The description people gave, else the first paragraph of the card, marked as the card's. */
export function AboutCard({ model, version }: { model: Model; version: Version }) {
  const card = version.metadata['cardSummary']
  const can = useCan()
  const [editing, setEditing] = useState(false)
  return (
    <Card>
      <CardHead title={words.title}>
        {can('model.write') && (
          <Button icon="pencil" look="quiet" onClick={() => setEditing(true)} small>
            {words.edit}
          </Button>
        )}
      </CardHead>
      <div className="px-4 pb-4">
        <p className="max-w-[72ch] text-md break-words whitespace-pre-line text-fg-2">
          {model.description !== '' ? (
            model.description
          ) : card !== undefined ? (
            <>
              {String(card.value)} <OriginMark at={card.at} origin={card.origin} source={card.source} />
            </>
          ) : (
            <span className="text-fg-3">{words.none}</span>
          )}
        </p>
        {model.tags.length > 0 && (
          <p className="mt-3 flex flex-wrap gap-1.5">
            {model.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </p>
        )}
      </div>
      {editing && <EditDialog model={model} onClose={() => setEditing(false)} />}
    </Card>
  )
}

function EditDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const client = useQueryClient()
  const [description, setDescription] = useState(model.description)
  const [tags, setTags] = useState(model.tags.join(', '))
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        hub.PATCH('/models/{id}', {
          params: { path: { id: model.id } },
          body: {
            description,
            tags: [...new Set(tags.split(',').map((tag) => tag.trim()))].filter((tag) => tag !== ''),
          },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['models'] })
      onClose()
    },
  })
  return (
    <Dialog
      footer={
        <>
          <Button onClick={onClose}>{text.common.close}</Button>
          <Button busy={save.isPending} look="ink" onClick={() => save.mutate()}>
            {words.save}
          </Button>
        </>
      }
      onClose={onClose}
      open
      title={words.editTitle(model.name)}
    >
      <div className="grid gap-4">
        {save.isError && <ProblemBox error={save.error} live />}
        <Field label={words.description}>
          {(wired) => (
            <Textarea
              {...wired}
              maxLength={10_000}
              onChange={(event) => setDescription(event.target.value)}
              rows={5}
              value={description}
            />
          )}
        </Field>
        <Field hint={words.tagsHint} label={words.tags}>
          {(wired) => <Input {...wired} onChange={(event) => setTags(event.target.value)} value={tags} />}
        </Field>
      </div>
    </Dialog>
  )
}
