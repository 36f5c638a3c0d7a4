import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useProviders } from '../../../app/use-providers.ts'
import { text } from '../../../text.ts'
import { Field, Input, Select } from '../../../ui/field.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { wizard } from '../words.ts'
import { CredentialChoice } from './credential-choice.tsx'
import type { ChangeDraft, Draft } from './draft.ts'
import { OfferingPicker } from './offering-picker.tsx'

const words = wizard.cloud

export function DetailsCloud({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  const given = draft.cloud
  const set = (next: Partial<Draft['cloud']>) => change({ cloud: { ...given, ...next } })
  const providers = useProviders()
  const [regions, setRegions] = useState<string[]>([])
  const regionList = useId()
  const sellers = (providers.data ?? []).filter((one) => one.sells)
  const provider = sellers.find((one) => one.kind === given.provider)
  const needed = provider?.fields.some((field) => field.required) === true
  if (providers.isError) {
    return <ProblemBox error={providers.error} onRetry={() => void providers.refetch()} />
  }
  return (
    <>
      <Field
        hint={provider === undefined ? words.providerHint : words.providerKnown(provider.offerings)}
        label={words.provider}
      >
        {(wired) => (
          <Select
            {...wired}
            onChange={(event) => {
              set({ provider: event.target.value, model: '', region: '', credential: '' })
              setRegions([])
            }}
            value={given.provider}
          >
            <option value="">{providers.data === undefined ? text.common.loading : words.choose}</option>
            {given.provider !== '' && provider === undefined && (
              <option value={given.provider}>{given.provider}</option>
            )}
            {sellers.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {given.provider !== '' && (
        <>
          <CredentialChoice
            hint={needed ? words.credentialHint : words.credentialOptional}
            kind={given.provider}
            none={words.noCredential}
            onChange={(credential) => set({ credential })}
            project={draft.project}
            required={needed}
            value={given.credential}
          />
          <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,12rem)]">
            <Field hint={words.modelHint} label={words.model}>
              {(wired) => (
                <Input
                  {...wired}
                  autoComplete="off"
                  className="font-mono text-xs"
                  maxLength={200}
                  onChange={(event) => set({ model: event.target.value })}
                  spellCheck={false}
                  value={given.model}
                />
              )}
            </Field>
            <Field hint={words.regionHint} label={words.region} optional={text.common.optional}>
              {(wired) => (
                <>
                  <Input
                    {...wired}
                    autoComplete="off"
                    list={regionList}
                    maxLength={64}
                    onChange={(event) => set({ region: event.target.value })}
                    spellCheck={false}
                    value={given.region}
                  />
                  <datalist id={regionList}>
                    {regions.map((region) => (
                      <option key={region} value={region}>
                        {region}
                      </option>
                    ))}
                  </datalist>
                </>
              )}
            </Field>
          </div>
          <OfferingPicker
            key={given.provider}
            model={given.model}
            onChoose={(model, offering) => {
              set({ model })
              setRegions(offering?.regions ?? [])
            }}
            provider={given.provider}
          />
        </>
      )}
      {given.provider === '' && providers.data !== undefined && (
        <p className="text-xs text-fg-3">
          {words.other}{' '}
          <Link className="rounded-tag text-accent-fg underline" to="/settings/providers">
            {words.otherLink}
          </Link>
        </p>
      )}
    </>
  )
}
