import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { shortId } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { SettingsFrame } from '../settings-frame.tsx'
import { SignerDialog } from './signer-dialog.tsx'
import { type Signer, useRemoveSigner, useSigners, useSigningKey } from './use-signers.ts'
import { signerWords as words } from './words.ts'

/** Whose signatures count for which sources, and the key by which others recognize this hub. */
export function SignersPage() {
  const can = useCan()
  const signers = useSigners()
  const remove = useRemoveSigner()
  const [creating, setCreating] = useState(false)
  const [removing, setRemoving] = useState<Signer | null>(null)
  const items = signers.data?.pages.flatMap((page) => page.items) ?? []
  const button = (
    <Button icon="plus" look="ink" onClick={() => setCreating(true)} reason={can('admin') ? null : words.mayNot}>
      {words.create}
    </Button>
  )
  return (
    <SettingsFrame
      actions={items.length > 0 && button}
      at="/settings/signers"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.signers}
    >
      <div className="grid grid-cols-1 gap-4">
        {signers.isError ? (
          <ProblemBox error={signers.error} onRetry={() => void signers.refetch()} />
        ) : signers.isPending ? (
          <SkeletonRows rows={3} />
        ) : items.length === 0 ? (
          <Empty action={button} title={words.emptyTitle}>
            {words.empty}
          </Empty>
        ) : (
          <>
            <Table caption={words.caption}>
              <thead>
                <tr>
                  <Th>{words.columns.name}</Th>
                  <Th className="max-md:hidden">{words.columns.kind}</Th>
                  <Th className="max-lg:hidden">{words.columns.who}</Th>
                  <Th>{words.columns.sources}</Th>
                  <Th className="max-md:hidden">{words.columns.expires}</Th>
                  <Th numeric>
                    <span className="sr-only">{words.remove}</span>
                  </Th>
                </tr>
              </thead>
              <tbody>
                {items.map((signer) => (
                  <SignerRow
                    key={signer.id}
                    mayRemove={can('admin')}
                    onRemove={() => setRemoving(signer)}
                    signer={signer}
                  />
                ))}
              </tbody>
            </Table>
            <ShowMore
              busy={signers.isFetchingNextPage}
              hasMore={signers.hasNextPage}
              onMore={() => void signers.fetchNextPage()}
              shown={items.length}
            />
          </>
        )}
        <OwnKey />
      </div>
      {creating && <SignerDialog onClose={() => setCreating(false)} />}
      {removing !== null && (
        <ConfirmDialog
          onClose={() => setRemoving(null)}
          request={{
            title: words.removeTitle(removing.name),
            body: words.removeBody,
            action: words.remove,
            danger: true,
            run: () => remove.mutateAsync(removing.id),
          }}
        />
      )}
    </SettingsFrame>
  )
}

const hasEnded = ({ expiresAt }: Signer): boolean => expiresAt !== null && Date.parse(expiresAt) <= Date.now()

function SignerRow({ signer, mayRemove, onRemove }: { signer: Signer; mayRemove: boolean; onRemove: () => void }) {
  const who = signer.identity ?? (signer.keyId === null ? null : shortId(signer.keyId))
  return (
    <Tr>
      <Td className="max-w-64">
        <span className="block truncate font-medium" title={signer.name}>
          {signer.name}
        </span>
        <span className="block truncate text-xs text-fg-3" title={signer.reason}>
          {signer.reason}
        </span>
      </Td>
      <Td className="whitespace-nowrap text-fg-2 max-md:hidden">{words.kinds[signer.kind]}</Td>
      <Td className="max-w-64 max-lg:hidden">
        <code className="text-xs break-all" title={signer.keyId ?? undefined}>
          {who ?? text.common.notApplicable}
        </code>
        {signer.issuer !== null && <span className="block text-xs break-all text-fg-3">{signer.issuer}</span>}
      </Td>
      <Td className="max-w-64">
        {signer.sources.map((source) => (
          <code className="block text-xs break-all" key={source}>
            {source === '*' ? words.anything : source}
          </code>
        ))}
      </Td>
      <Td className="text-fg-2 max-md:hidden">
        {signer.expiresAt === null ? words.never : <Time at={signer.expiresAt} full />}
        {hasEnded(signer) && <span className="block text-xs text-warn-fg">{words.ended}</span>}
      </Td>
      <Td numeric>
        <Button
          aria-label={`${words.remove} ${signer.name}`}
          look="danger"
          onClick={onRemove}
          reason={mayRemove ? null : words.mayNot}
          small
        >
          {words.remove}
        </Button>
      </Td>
    </Tr>
  )
}

function OwnKey() {
  const key = useSigningKey()
  if (key.isError) return <ProblemBox error={key.error} onRetry={() => void key.refetch()} />
  if (key.data === undefined) return null
  return (
    <Card>
      <CardHead note={words.own} title={words.ownTitle} />
      <div className="grid grid-cols-1 gap-2 px-4 pb-4">
        {key.data === null ? (
          <p className="text-fg-2">{words.ownNone}</p>
        ) : (
          <>
            <p className="flex flex-wrap items-center gap-x-2 text-xs text-fg-2">
              {key.data.algorithm}
              <span className="inline-flex items-center gap-1">
                <code title={key.data.keyId}>{shortId(key.data.keyId)}</code>
                <CopyButton label={words.keyId} small value={key.data.keyId} />
              </span>
            </p>
            <CodeBlock code={key.data.publicKey.trim()} label={words.publicKey} />
          </>
        )}
      </div>
    </Card>
  )
}
