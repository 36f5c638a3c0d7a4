import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { dayTime } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { Icon } from '../../../ui/icon.tsx'
import type { Version } from '../use-model.ts'
import { AttachDialog } from './attach-dialog.tsx'
import { type Assessment, useRemoveAttached } from './use-license.ts'
import { attachedWords as words } from './words.ts'

type Attached = Assessment['attached'][number]

/** License texts and links that people brought, with their reasons. */
export function AttachedCard({ version, attached }: { version: Version; attached: readonly Attached[] }) {
  const can = useCan()
  const remove = useRemoveAttached(version)
  const [attaching, setAttaching] = useState(false)
  const [removing, setRemoving] = useState<Attached | null>(null)
  const reason = can('model.write') ? null : words.mayNot
  return (
    <Card>
      <CardHead note={words.note} title={words.title}>
        <Button icon="plus" onClick={() => setAttaching(true)} reason={reason} small>
          {words.attach}
        </Button>
      </CardHead>
      {attached.length === 0 ? (
        <p className="px-4 pb-4 text-fg-2">{words.none}</p>
      ) : (
        <ul className="border-t border-line">
          {attached.map((one) => (
            <li className="flex items-start gap-3 border-b border-line px-4 py-3 last:border-b-0" key={one.id}>
              <Icon className="mt-px text-fg-3" name={one.kind === 'link' ? 'link' : 'file'} />
              <div className="min-w-0 grow">
                <p className="font-medium break-words">{one.name}</p>
                {one.url !== null && /^https?:/.test(one.url) && (
                  <a
                    className="rounded-tag text-xs break-all text-accent-fg underline"
                    href={one.url}
                    rel="noreferrer"
                    target="_blank"
                  >
                    {one.url}
                  </a>
                )}
                <p className="break-words text-fg-2">“{one.reason}”</p>
                <p className="text-xs text-fg-3">
                  {words.by(one.attachedBy)}, {dayTime(one.attachedAt)}
                </p>
              </div>
              <Button aria-label={`${words.remove} ${one.name}`} onClick={() => setRemoving(one)} reason={reason} small>
                {words.remove}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {attaching && <AttachDialog onClose={() => setAttaching(false)} version={version} />}
      {removing !== null && (
        <ConfirmDialog
          onClose={() => setRemoving(null)}
          request={{
            title: words.removeTitle(removing.name),
            body: words.removeBody,
            action: words.remove,
            danger: true,
            reason: { label: words.reason, required: true },
            run: ({ reason: why }) => remove.mutateAsync({ file: removing.id, reason: why }),
          }}
        />
      )}
    </Card>
  )
}
