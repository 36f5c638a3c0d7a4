import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Page, PageHead } from '../../app/page.tsx'
import { useCan } from '../../app/session.ts'
import { Button } from '../../ui/button.tsx'
import { StatusText, Tag } from '../../ui/chip.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import type { Status } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { type Key, useKeys, useRevokeKey } from './use-keys.ts'
import { keysText } from './words.ts'

const route = getRouteApi('/app/keys')
const words = keysText.keys

export function KeysPage() {
  const { create } = route.useSearch()
  const navigate = useNavigate()
  const can = useCan()
  const keys = useKeys()
  const revoke = useRevokeKey()
  const [asking, setAsking] = useState<Key | null>(null)
  const items = keys.data?.pages.flatMap((page) => page.items) ?? []
  const open = (name: string | undefined) =>
    void navigate({ to: '/keys', search: name === undefined ? {} : { create: name }, replace: true })
  const button = can('key.write') && (
    <Button icon="plus" look="ink" onClick={() => open('new')}>
      {words.create}
    </Button>
  )
  return (
    <Page title={words.title}>
      <PageHead note={words.note} title={words.title}>
        {button}
      </PageHead>
      {keys.isError ? (
        <ProblemBox error={keys.error} onRetry={() => void keys.refetch()} />
      ) : keys.isPending ? (
        <SkeletonRows />
      ) : items.length === 0 ? (
        <Empty title={words.emptyTitle}>{words.empty}</Empty>
      ) : (
        <div className="grid gap-3">
          <Table caption={words.caption}>
            <thead>
              <tr>
                <Th>{words.columns.name}</Th>
                <Th>{words.columns.prefix}</Th>
                <Th className="max-lg:hidden">{words.columns.models}</Th>
                <Th>{words.columns.state}</Th>
                <Th className="max-md:hidden">{words.columns.expires}</Th>
                <Th className="max-lg:hidden">{words.columns.used}</Th>
                <Th className="max-xl:hidden">{words.columns.by}</Th>
                <Th numeric>
                  <span className="sr-only">{words.revoke}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {items.map((key) => (
                <KeyRow item={key} key={key.id} onRevoke={can('key.write') ? () => setAsking(key) : undefined} />
              ))}
            </tbody>
          </Table>
          <ShowMore
            busy={keys.isFetchingNextPage}
            hasMore={keys.hasNextPage}
            onMore={() => void keys.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
      {create !== undefined && can('key.write') && (
        <CreateKeyDialog model={create === 'new' ? undefined : create} onClose={() => open(undefined)} />
      )}
      {asking !== null && (
        <ConfirmDialog
          onClose={() => setAsking(null)}
          request={{
            title: words.revokeTitle(asking.name),
            body: words.revokeBody,
            action: words.revoke,
            danger: true,
            run: () => revoke.mutateAsync(asking.id),
          }}
        />
      )}
    </Page>
  )
}

function stateOf(key: Key): Status {
  if (key.revokedAt !== null) return { tone: 'part', icon: 'x', label: words.revoked, quiet: true }
  if (key.expiresAt !== null && Date.parse(key.expiresAt) <= Date.now()) {
    return { tone: 'part', icon: 'minus', label: words.expired, quiet: true }
  }
  return { tone: 'pass', icon: 'circle-check', label: words.active, quiet: true }
}

function KeyRow({ item, onRevoke }: { item: Key; onRevoke: (() => void) | undefined }) {
  const status = stateOf(item)
  return (
    <Tr>
      <Td className="max-w-64">
        <span className="block truncate font-medium" title={item.name}>
          {item.name}
        </span>
        {item.session && <Tag>{words.session}</Tag>}
      </Td>
      <Td>
        <code className="text-xs">{item.prefix}…</code>
      </Td>
      <Td className="max-w-72 max-lg:hidden">
        <span className="block truncate text-fg-2" title={item.models?.join(', ')}>
          {item.models === null ? words.allModels : item.models.join(', ')}
        </span>
      </Td>
      <Td className="whitespace-nowrap">
        <StatusText status={status} />
      </Td>
      <Td className="text-fg-2 max-md:hidden">
        {item.expiresAt === null ? words.never : <Time at={item.expiresAt} full />}
      </Td>
      <Td className="text-fg-2 max-lg:hidden">
        {item.lastUsedAt === null ? words.neverUsed : <Time at={item.lastUsedAt} />}
      </Td>
      <Td className="text-fg-2 max-xl:hidden">{item.createdBy}</Td>
      <Td numeric>
        {onRevoke !== undefined && item.revokedAt === null && (
          <Button aria-label={`${words.revoke} ${item.name}`} look="danger" onClick={onRevoke} small>
            {words.revoke}
          </Button>
        )}
      </Td>
    </Tr>
  )
}
