import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Dialog as Radix } from 'radix-ui'
import { type KeyboardEvent, useId, useState } from 'react'
import { unwrap } from '../../sdk/index.ts'
import { text } from '../text.ts'
import { cx } from '../ui/cx.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Monogram } from '../ui/monogram.tsx'
import { stateStatus } from '../ui/status.ts'
import { hub } from './client.ts'
import { useCommands } from './commands.ts'
import { allItems, settingsItems } from './nav-items.ts'
import { useCan, useSignOut } from './session.ts'
import { setTheme } from './theme.ts'
import { useDebounced } from './use-debounced.ts'

type Entry = {
  id: string
  label: string
  note?: string
  icon?: IconName
  model?: string
  shortcut?: string
  run: () => void
}
type Group = { title: string; entries: Entry[] }

/** Jump to a model or a page, or run a command of the page in view; `>` asks for commands only. */
export function Palette({ onClose, onShortcuts }: { onClose: () => void; onShortcuts: () => void }) {
  const [query, setQuery] = useState('')
  const [active, setActive] = useState(0)
  const listId = useId()
  const groups = useGroups(query, onShortcuts)
  const flat = groups.flatMap((group) => group.entries)
  const offsets = groups.map((_, at) => groups.slice(0, at).reduce((sum, group) => sum + group.entries.length, 0))
  const chosen = Math.min(active, flat.length - 1)
  const run = (entry: Entry) => {
    onClose()
    entry.run()
  }
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && flat.length > 0) {
      event.preventDefault()
      const next = (chosen + step + flat.length) % flat.length
      setActive(next)
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' })
    } else if (event.key === 'Enter') {
      const entry = flat[chosen]
      if (entry !== undefined) {
        event.preventDefault()
        run(entry)
      }
    }
  }
  return (
    <Radix.Root onOpenChange={(open) => !open && onClose()} open>
      <Radix.Portal>
        <Radix.Overlay className="appear fixed inset-0 z-40 bg-[rgb(10_12_16/0.45)]" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed inset-x-4 top-[10vh] z-50 mx-auto flex max-h-[70vh] max-w-xl flex-col rounded-dialog border border-line-2 bg-raised shadow-dialog"
        >
          <Radix.Title className="sr-only">{text.palette.title}</Radix.Title>
          <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4">
            <Icon className="text-fg-3" name="search" />
            <input
              aria-activedescendant={flat.length > 0 ? `${listId}-${chosen}` : undefined}
              aria-autocomplete="list"
              aria-controls={listId}
              aria-expanded="true"
              aria-label={text.palette.title}
              className="h-full grow bg-transparent text-md outline-none"
              onChange={(event) => {
                setQuery(event.target.value)
                setActive(0)
              }}
              onKeyDown={onKey}
              placeholder={text.palette.placeholder}
              role="combobox"
              value={query}
            />
            <Kbd>Esc</Kbd>
          </div>
          <div aria-label={text.palette.results} className="min-h-0 overflow-y-auto p-2" id={listId} role="listbox">
            {flat.length === 0 && <p className="px-2 py-6 text-center text-fg-2">{text.palette.nothing}</p>}
            {groups.map((group, groupIndex) => (
              <div aria-label={group.title} key={group.title} role="group">
                <p aria-hidden="true" className="px-2 pt-2 pb-1 text-xs text-fg-3">
                  {group.title}
                </p>
                {group.entries.map((entry, entryIndex) => {
                  const at = (offsets[groupIndex] ?? 0) + entryIndex
                  return (
                    <button
                      aria-selected={at === chosen}
                      className={cx(
                        'flex min-h-9 w-full items-center gap-3 rounded-control px-2 text-left',
                        at === chosen && 'bg-selected',
                      )}
                      id={`${listId}-${at}`}
                      key={entry.id}
                      onClick={() => run(entry)}
                      onMouseMove={() => setActive(at)}
                      role="option"
                      tabIndex={-1}
                      type="button"
                    >
                      {entry.model === undefined ? (
                        <Icon className="mx-1 text-fg-2" name={entry.icon ?? 'arrow-right'} />
                      ) : (
                        <Monogram name={entry.model} size={24} />
                      )}
                      <span className="min-w-0 grow truncate">{entry.label}</span>
                      {entry.note !== undefined && <span className="text-xs text-fg-3">{entry.note}</span>}
                      {entry.shortcut !== undefined && <Kbd>{entry.shortcut}</Kbd>}
                    </button>
                  )
                })}
              </div>
            ))}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function useGroups(query: string, onShortcuts: () => void): Group[] {
  const can = useCan()
  const navigate = useNavigate()
  const signOut = useSignOut()
  const pageCommands = useCommands()
  const commandsOnly = query.startsWith('>')
  const words = (commandsOnly ? query.slice(1) : query).trim().toLowerCase()
  const asked = useDebounced(words, 80)
  const models = useQuery({
    queryKey: ['models', 'palette', asked],
    queryFn: () =>
      unwrap(hub.GET('/models', { params: { query: { limit: 8, ...(asked === '' ? {} : { q: asked }) } } })),
    enabled: !commandsOnly && can('model.read'),
    placeholderData: keepPreviousData,
  })
  const fits = (label: string) => isSubsequence(words, label.toLowerCase())
  const general: Entry[] = [
    ...(can('model.write')
      ? [
          {
            id: 'onboard',
            label: text.catalog.onboard,
            icon: 'plus' as const,
            run: () => void navigate({ to: '/onboarding/new' }),
          },
        ]
      : []),
    { id: 'light', label: text.palette.themeTo(text.theme.light), icon: 'sun', run: () => setTheme('light') },
    { id: 'dark', label: text.palette.themeTo(text.theme.dark), icon: 'moon', run: () => setTheme('dark') },
    { id: 'system', label: text.palette.themeTo(text.theme.system), icon: 'monitor', run: () => setTheme('system') },
    { id: 'keys', label: text.shortcuts.title, icon: 'help', shortcut: '?', run: onShortcuts },
    { id: 'out', label: text.account.signOut, icon: 'logout', run: () => void signOut() },
  ]
  const groups: Group[] = [
    { title: text.palette.thisPage, entries: pageCommands.filter((command) => fits(command.label)) },
    {
      title: text.palette.models,
      entries: commandsOnly
        ? []
        : (models.data?.items ?? []).map((model) => ({
            id: model.id,
            label: model.name,
            note: stateStatus(model.state).label,
            model: model.name,
            run: () => void navigate({ to: '/models/$', params: { _splat: model.name } }),
          })),
    },
    {
      title: text.palette.pages,
      entries: commandsOnly
        ? []
        : [...allItems, ...settingsItems]
            .filter((item) => can(item.permission) && fits(item.label))
            .map((item) => ({
              id: item.to,
              label: item.label,
              icon: item.icon,
              run: () => void navigate({ to: item.to }),
            })),
    },
    { title: text.palette.commands, entries: general.filter((entry) => fits(entry.label)) },
  ]
  return groups.filter((group) => group.entries.length > 0)
}

/** Letters in order, gaps allowed: "obm" finds "Onboard model". */
function isSubsequence(needle: string, hay: string): boolean {
  let from = 0
  for (const letter of needle.replaceAll(' ', '')) {
    const at = hay.indexOf(letter, from)
    if (at === -1) return false
    from = at + 1
  }
  return true
}
