import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { CredentialDialog } from '../../../app/credential-dialog.tsx'
import { chosenIn } from '../../../app/search.ts'
import { useCan } from '../../../app/session.ts'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { useProviders } from '../../../app/use-providers.ts'
import { useRowKeys } from '../../../app/use-row-keys.ts'
import { text } from '../../../text.ts'
import { Button, TextButton } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { Select } from '../../../ui/field.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { WithPanel } from '../../../ui/side-panel.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { SettingsFrame } from '../settings-frame.tsx'
import { credentialWords as words } from '../words.ts'
import { ChooseProviderDialog } from './choose-provider-dialog.tsx'
import { CredentialPanel } from './credential-panel.tsx'
import { CredentialTable } from './credential-table.tsx'
import { useCredentialPages } from './use-credentials.ts'

const route = getRouteApi('/app/settings/credentials')

export function CredentialsPage() {
  const search = route.useSearch()
  const [kind, create, show] = [chosenIn(search.kind), chosenIn(search.create), chosenIn(search.show)]
  const navigate = useNavigate()
  const can = useCan()
  const pages = useCredentialPages(kind)
  const providers = useProviders()
  const defined = providers.data ?? []
  const items = pages.data?.pages.flatMap((page) => page.items) ?? []
  const go = (change: { kind?: string | undefined; create?: string | undefined; show?: string | undefined }) =>
    void navigate({
      to: '/settings/credentials',
      search: (now) =>
        Object.fromEntries(Object.entries({ ...now, ...change }).filter(([, value]) => value !== undefined)),
      resetScroll: false,
    })
  const rows = useRowKeys(items.length, (index) => go({ show: items[index]?.id }))
  useShortcuts({ ...rows.keys, ...(show === undefined ? {} : { Escape: () => go({ show: undefined }) }) })
  const chosen = defined.find((provider) => provider.kind === create)
  const titleOf = (of: string) => defined.find((provider) => provider.kind === of)?.title ?? of
  const mayAdd = can('credential.write')
  const add = mayAdd && (
    <Button icon="plus" look="ink" onClick={() => go({ create: kind ?? 'new' })}>
      {words.add}
    </Button>
  )
  const list = pages.isError ? (
    <ProblemBox error={pages.error} onRetry={() => void pages.refetch()} />
  ) : pages.isPending ? (
    <SkeletonRows rows={4} />
  ) : items.length === 0 ? (
    <Empty
      action={kind === undefined ? add : <Button onClick={() => go({ kind: undefined })}>{words.clear}</Button>}
      title={kind === undefined ? words.emptyTitle : words.filteredTitle(titleOf(kind))}
    >
      {kind === undefined && words.empty}
    </Empty>
  ) : (
    <div className="grid grid-cols-1 gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={words.filter}
          className="w-auto! max-w-full"
          onChange={(event) => go({ kind: event.target.value === '' ? undefined : event.target.value })}
          value={kind ?? ''}
        >
          <option value="">{words.anyKind}</option>
          {defined.map((provider) => (
            <option key={provider.kind} value={provider.kind}>
              {provider.title}
            </option>
          ))}
        </Select>
        {kind !== undefined && (
          <TextButton className="tap" onClick={() => go({ kind: undefined })}>
            {words.clear}
          </TextButton>
        )}
      </div>
      <CredentialTable active={rows.active} chosen={show} items={items} titleOf={titleOf} />
      <ShowMore
        busy={pages.isFetchingNextPage}
        hasMore={pages.hasNextPage}
        onMore={() => void pages.fetchNextPage()}
        shown={items.length}
      />
    </div>
  )
  return (
    <SettingsFrame
      actions={items.length > 0 || kind !== undefined ? add : undefined}
      at="/settings/credentials"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.credentials}
    >
      <WithPanel
        list={list}
        panel={
          show === undefined ? null : (
            <CredentialPanel
              id={show}
              key={show}
              known={items.find(({ id }) => id === show)}
              onClose={() => go({ show: undefined })}
              providers={defined}
            />
          )
        }
      />
      {mayAdd && create !== undefined && chosen === undefined && (
        <ChooseProviderDialog
          onChoose={(provider) => go({ create: provider.kind })}
          onClose={() => go({ create: undefined })}
        />
      )}
      {mayAdd && chosen !== undefined && (
        <CredentialDialog
          onClose={() => go({ create: undefined })}
          onCreated={(made) => go({ create: undefined, show: made.id })}
          provider={chosen}
        />
      )}
    </SettingsFrame>
  )
}
