import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '../../app/session.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { StatusText } from '../../ui/chip.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ShowMore } from '../../ui/more.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import type { Status } from '../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { CreateTokenDialog } from './create-token-dialog.tsx'
import { SettingsFrame } from './settings-frame.tsx'
import { type Token, useRevokeToken, useTokens } from './use-tokens.ts'
import { tokenWords as words } from './words.ts'

const route = getRouteApi('/app/settings/tokens')

export function TokensPage() {
  const { create } = route.useSearch()
  const navigate = useNavigate()
  const can = useCan()
  const tokens = useTokens()
  const revoke = useRevokeToken()
  const [asking, setAsking] = useState<Token | null>(null)
  const items = tokens.data?.pages.flatMap((page) => page.items) ?? []
  const open = (name: string | undefined) =>
    void navigate({ to: '/settings/tokens', search: name === undefined ? {} : { create: name }, replace: true })
  const button = can('token.write') && (
    <Button icon="plus" look="ink" onClick={() => open('new')}>
      {words.create}
    </Button>
  )
  return (
    <SettingsFrame
      actions={items.length > 0 && button}
      at="/settings/tokens"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.tokens}
    >
      {tokens.isError ? (
        <ProblemBox error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : tokens.isPending ? (
        <SkeletonRows rows={4} />
      ) : items.length === 0 ? (
        <Empty action={button} title={words.emptyTitle}>
          {words.empty}
        </Empty>
      ) : (
        <div className="grid grid-cols-1 gap-3">
          <Table caption={words.caption}>
            <thead>
              <tr>
                <Th>{words.columns.name}</Th>
                <Th className="max-md:hidden">{words.columns.prefix}</Th>
                <Th className="max-lg:hidden">{words.columns.roles}</Th>
                <Th>{words.columns.state}</Th>
                <Th className="max-md:hidden">{words.columns.expires}</Th>
                <Th className="max-md:hidden">{words.columns.used}</Th>
                <Th className="max-xl:hidden">{words.columns.by}</Th>
                <Th numeric>
                  <span className="sr-only">{words.revoke}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {items.map((token) => (
                <TokenRow item={token} key={token.id} onRevoke={() => setAsking(token)} />
              ))}
            </tbody>
          </Table>
          <ShowMore
            busy={tokens.isFetchingNextPage}
            hasMore={tokens.hasNextPage}
            onMore={() => void tokens.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
      {create !== undefined && can('token.write') && <CreateTokenDialog onClose={() => open(undefined)} />}
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
    </SettingsFrame>
  )
}

function stateOf(token: Token): Status {
  if (token.revokedAt !== null) return { tone: 'part', icon: 'x', label: words.revoked, quiet: true }
  if (token.expiresAt !== null && Date.parse(token.expiresAt) <= Date.now()) {
    return { tone: 'part', icon: 'minus', label: words.expired, quiet: true }
  }
  return { tone: 'pass', icon: 'circle-check', label: words.active, quiet: true }
}

function TokenRow({ item, onRevoke }: { item: Token; onRevoke: () => void }) {
  return (
    <Tr>
      <Td className="max-w-64">
        <span className="block truncate font-medium" title={item.name}>
          {item.name}
        </span>
        <code className="text-xs text-fg-3 md:hidden">{item.prefix}…</code>
      </Td>
      <Td className="max-md:hidden">
        <code className="text-xs whitespace-nowrap">{item.prefix}…</code>
      </Td>
      <Td className="text-fg-2 max-lg:hidden">{item.roles.map(text.account.role).join(', ')}</Td>
      <Td className="whitespace-nowrap">
        <StatusText status={stateOf(item)} />
      </Td>
      <Td className="text-fg-2 max-md:hidden">
        {item.expiresAt === null ? words.never : <Time at={item.expiresAt} full />}
      </Td>
      <Td className="text-fg-2 max-md:hidden">
        {item.lastUsedAt === null ? words.neverUsed : <Time at={item.lastUsedAt} />}
      </Td>
      <Td className="text-fg-2 max-xl:hidden">{item.createdBy}</Td>
      <Td numeric>
        {item.revokedAt === null && (
          <Button aria-label={`${words.revoke} ${item.name}`} look="danger" onClick={onRevoke} small>
            {words.revoke}
          </Button>
        )}
      </Td>
    </Tr>
  )
}
