import { useState } from 'react'
import { text } from '../text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { CheckRow } from '../ui/field.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { allItems } from './nav-items.ts'
import { useCan } from './session.ts'
import { singleKeys } from './shortcuts.ts'

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const can = useCan()
  const [on, setOn] = useState(singleKeys.on)
  const groups = [
    { title: text.shortcuts.everywhere, rows: text.shortcuts.general },
    {
      title: text.shortcuts.goTo,
      rows: allItems
        .filter((item) => item.key !== undefined && can(item.permission))
        .map((item) => ({ keys: ['g', item.key ?? ''], label: item.label })),
    },
    { title: text.shortcuts.lists, rows: text.shortcuts.inLists },
  ]
  return (
    <Dialog onClose={onClose} open title={text.shortcuts.title} wide>
      <div className="grid gap-6 md:grid-cols-2">
        {groups.map((group) => (
          <section key={group.title}>
            <h3 className="mb-2 text-xs text-fg-3">{group.title}</h3>
            <dl className="grid gap-2">
              {group.rows.map((row) => (
                <div className="flex items-center gap-2" key={row.label}>
                  <dt className="grow">{row.label}</dt>
                  <dd className="flex gap-1">
                    {row.keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="mt-5 border-t border-line pt-3">
        <CheckRow
          checked={on}
          label={text.shortcuts.singleKeys}
          note={text.shortcuts.singleKeysNote}
          onChange={(event) => {
            singleKeys.set(event.target.checked)
            setOn(event.target.checked)
          }}
        />
      </div>
    </Dialog>
  )
}
