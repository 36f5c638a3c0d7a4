import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import type { Credential, Provider } from '../../../app/use-providers.ts'
import { count, dayTime, shortId } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Fact, Facts } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Menu, MenuItem } from '../../../ui/menu.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { PanelPart, SidePanel } from '../../../ui/side-panel.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { Time } from '../../../ui/time.tsx'
import { UserList } from '../user-list.tsx'
import { credentialWords as words } from '../words.ts'
import { CredentialTest } from './credential-test.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { RotateDialog } from './rotate-dialog.tsx'
import { useCredential, useTestCredential } from './use-credentials.ts'

type Asked = 'rotate' | 'rename' | 'remove'

/** One credential in full: what is stored, what the provider said, who uses it, and what can be done. */
export function CredentialPanel({
  id,
  known,
  providers,
  onClose,
}: {
  id: string
  known: Credential | undefined
  providers: Provider[]
  onClose: () => void
}) {
  const query = useCredential(id, known)
  const can = useCan()
  const test = useTestCredential()
  const [asked, setAsked] = useState<Asked | null>(null)
  const shell = { id, backLabel: words.back, closeLabel: words.close, onClose }
  if (query.data === undefined) {
    return (
      <SidePanel {...shell} title={shortId(id)}>
        <div className="px-4 pb-4">
          {query.isError ? (
            <ProblemBox error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonCard lines={5} />
          )}
        </div>
      </SidePanel>
    )
  }
  const credential = query.data
  const provider = providers.find(({ kind }) => kind === credential.kind)
  const mayChange = can('credential.write')
  return (
    <SidePanel {...shell} lead={provider?.title ?? credential.kind} title={credential.name}>
      {mayChange && (
        <div className="flex flex-wrap gap-2 px-4 pb-3">
          <Button busy={test.isPending} icon="refresh" onClick={() => test.mutate(id)} small>
            {test.isPending ? words.testing : words.test}
          </Button>
          {provider !== undefined && (
            <Button icon="key" onClick={() => setAsked('rotate')} small>
              {words.rotate}
            </Button>
          )}
          <Menu
            trigger={
              <IconButton
                className="size-7! border border-line-2 bg-surface"
                icon="more"
                label={text.model.moreActions}
                size={14}
              />
            }
          >
            <MenuItem icon="pencil" onSelect={() => setAsked('rename')}>
              {words.rename}
            </MenuItem>
            <MenuItem danger icon="trash" onSelect={() => setAsked('remove')}>
              {words.remove}
            </MenuItem>
          </Menu>
        </div>
      )}
      {test.isError && (
        <div className="px-4 pb-3">
          <ProblemBox error={test.error} live />
        </div>
      )}
      <PanelPart title={words.lastTest}>
        {credential.lastTest === null ? (
          <p className="text-fg-2">{words.testNotRun}</p>
        ) : (
          <div aria-live="polite">
            <CredentialTest credential={credential} />
            <p className="mt-1 break-words text-fg-2">{credential.lastTest.message}</p>
            {credential.lastTest.remedy !== null && (
              <p className="mt-1 break-words text-fg-2">
                <Sentence>{credential.lastTest.remedy}</Sentence>
              </p>
            )}
            {!credential.lastTest.ok && (
              <code className="mt-1 block text-xs text-fg-3">{credential.lastTest.code}</code>
            )}
          </div>
        )}
      </PanelPart>
      <div className="border-t border-line">
        <Facts>
          {Object.entries(credential.fields).map(([name, value]) => (
            <Fact key={name} label={titleOf(provider, name)}>
              <code className="text-xs break-all">{value}</code>
            </Fact>
          ))}
          {credential.secrets.map(({ name, hint }) => (
            <Fact key={name} label={titleOf(provider, name)}>
              {hint === null ? words.stored : words.endsIn(hint)}
            </Fact>
          ))}
          <Fact label={words.facts.used}>
            {credential.lastUsedAt === null ? words.facts.notUsed : <Time at={credential.lastUsedAt} />}
          </Fact>
          <Fact label={words.facts.rotated}>
            {credential.rotatedAt === null ? words.facts.neverRotated : <Time at={credential.rotatedAt} full />}
          </Fact>
          <Fact label={words.facts.created}>
            <Time at={credential.createdAt} full /> · {credential.createdBy}
          </Fact>
          <Fact label={words.facts.id}>
            <span className="inline-flex items-center gap-1">
              <code className="text-xs" title={credential.id}>
                {shortId(credential.id)}
              </code>
              <CopyButton className="-my-1" label={words.facts.copyId} small value={credential.id} />
            </span>
          </Fact>
        </Facts>
      </div>
      <PanelPart
        title={words.usedBy}
        {...(credential.usedByCount === 0 ? {} : { note: count(credential.usedByCount) })}
      >
        {credential.usedByCount === 0 ? (
          <p className="text-fg-2">{words.usedByNone}</p>
        ) : (
          <UserList count={credential.usedByCount} users={credential.usedBy} />
        )}
      </PanelPart>
      {credential.syncs.length > 0 && (
        <PanelPart title={words.syncs}>
          <ul className="grid gap-1">
            {credential.syncs.map((sync) => (
              <li className="flex justify-between gap-3" key={sync.provider}>
                <span>{providers.find(({ kind }) => kind === sync.provider)?.title ?? sync.provider}</span>
                <span className="text-xs text-fg-3">
                  {words.syncLine(sync.listed)}, {dayTime(sync.at)}
                </span>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      {asked === 'rotate' && provider !== undefined && (
        <RotateDialog credential={credential} onClose={() => setAsked(null)} provider={provider} />
      )}
      {asked === 'rename' && <RenameDialog credential={credential} onClose={() => setAsked(null)} />}
      {asked === 'remove' && (
        <RemoveDialog
          credential={credential}
          onClose={() => setAsked(null)}
          onRemoved={onClose}
          onRotate={() => setAsked('rotate')}
        />
      )}
    </SidePanel>
  )
}

const titleOf = (provider: Provider | undefined, name: string): string =>
  provider?.fields.find((field) => field.name === name)?.title ?? name
