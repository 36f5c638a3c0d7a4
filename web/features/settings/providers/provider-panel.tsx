import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { type Provider, useCredentials } from '../../../app/use-providers.ts'
import { day } from '../../../format.ts'
import { Button, ButtonLink } from '../../../ui/button.tsx'
import { Fact, Facts } from '../../../ui/card.tsx'
import { Tag } from '../../../ui/chip.tsx'
import { Field, Select } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { PanelPart, SidePanel } from '../../../ui/side-panel.tsx'
import { providerWords as words } from '../words.ts'
import { SyncReport } from './sync-report.tsx'
import { useSyncProvider } from './use-catalog-data.ts'

/** One provider as its definition says: where it is, what a credential holds, what proves it, and its last list. */
export function ProviderPanel({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { facts } = words
  return (
    <SidePanel
      backLabel={words.back}
      closeLabel={words.close}
      id={provider.kind}
      lead={<code>{provider.kind}</code>}
      onClose={onClose}
      title={provider.title}
    >
      <div className="flex flex-wrap gap-2 px-4 pb-3">
        {provider.sells && (
          <ButtonLink icon="grid" search={{ provider: provider.kind }} small to="/settings/offerings">
            {words.showOfferings}
          </ButtonLink>
        )}
        {provider.homepage !== null && (
          <Button asChild small>
            <a href={provider.homepage} rel="noreferrer" target="_blank">
              <Icon name="external" size={14} />
              {words.homepage}
            </a>
          </Button>
        )}
      </div>
      {provider.sells && <Sync provider={provider} />}
      <PanelPart title={words.needs}>
        {provider.fields.length === 0 ? (
          <p className="text-fg-2">{words.needsNothing}</p>
        ) : (
          <ul className="grid gap-2.5">
            {provider.fields.map((field) => (
              <li key={field.name}>
                <span className="flex flex-wrap items-center gap-2">
                  <span className="font-medium">{field.title}</span>
                  {field.secret && <Tag>{words.secret}</Tag>}
                  {!field.required && <span className="text-xs text-fg-3">{words.notRequired}</span>}
                </span>
                {(field.help !== null || field.example !== null) && (
                  <span className="block text-xs break-words text-fg-3">
                    {field.help} {field.example !== null && <code>{field.example}</code>}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </PanelPart>
      <div className="border-t border-line">
        <Facts>
          {provider.dialect !== null && (
            <Fact label={facts.speaks}>{words.dialects[provider.dialect] ?? provider.dialect}</Fact>
          )}
          {provider.api !== null && (
            <Fact label={facts.api}>
              <code className="text-xs break-all">{provider.api}</code>
            </Fact>
          )}
          {provider.proof !== null && <Fact label={facts.proof}>{provider.proof}</Fact>}
          {provider.docs.length > 0 && (
            <Fact label={facts.docs}>
              <ul className="grid gap-1.5">
                {provider.docs.map((doc) => (
                  <li className="text-xs" key={doc.url}>
                    <a
                      className="rounded-tag break-all text-accent-fg hover:underline"
                      href={doc.url}
                      rel="noreferrer"
                      target="_blank"
                    >
                      {doc.url.replace(/^https:\/\//, '')}
                    </a>
                    <span className="block text-fg-3">
                      {words.basis[doc.basis]}, {day(doc.date)}
                    </span>
                  </li>
                ))}
              </ul>
            </Fact>
          )}
        </Facts>
      </div>
    </SidePanel>
  )
}

function Sync({ provider }: { provider: Provider }) {
  const can = useCan()
  const maySee = can('credential.read')
  const credentials = useCredentials(provider.kind, maySee)
  const sync = useSyncProvider(provider.kind)
  const [chosen, setChosen] = useState('')
  const known = credentials.data ?? []
  const credential = known.find(({ id }) => id === chosen) ?? known[0]
  const outcome = sync.data ?? provider.lastSync
  const reason =
    can('offering.write') && maySee ? (credential === undefined ? words.syncNeeds : null) : words.mayNotSync
  return (
    <PanelPart title={words.sync}>
      <p className="text-fg-2">{words.syncLead}</p>
      <div className="mt-3 flex flex-wrap items-end gap-2">
        {known.length > 1 && (
          <div className="min-w-0 grow">
            <Field label={words.syncWith}>
              {(wired) => (
                <Select {...wired} onChange={(event) => setChosen(event.target.value)} value={credential?.id ?? ''}>
                  {known.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
        )}
        <Button
          busy={sync.isPending}
          icon="refresh"
          onClick={() => credential !== undefined && sync.mutate(credential.id)}
          reason={reason}
        >
          {words.syncRun}
        </Button>
        {known.length === 0 && can('credential.write') && credentials.data !== undefined && (
          <ButtonLink icon="plus" search={{ create: provider.kind }} to="/settings/credentials">
            {words.addCredential}
          </ButtonLink>
        )}
      </div>
      {known.length === 1 && <p className="mt-1.5 text-xs text-fg-3">{`${words.syncWith}: ${known[0]?.name ?? ''}`}</p>}
      {sync.isError && (
        <div className="mt-3">
          <ProblemBox error={sync.error} live />
        </div>
      )}
      {outcome !== null && (
        <div aria-live="polite" className="mt-3">
          <SyncReport outcome={outcome} />
        </div>
      )}
    </PanelPart>
  )
}
