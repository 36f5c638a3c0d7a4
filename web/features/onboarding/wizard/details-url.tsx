import { text } from '../../../text.ts'
import { CheckRow, Field, Input, Textarea } from '../../../ui/field.tsx'
import { wizard } from '../words.ts'
import { CredentialChoice } from './credential-choice.tsx'
import type { ChangeDraft, Draft } from './draft.ts'
import { digestProblem } from './draft-source.ts'

const words = wizard.url

export function DetailsUrl({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  const given = draft.url
  const set = (next: Partial<Draft['url']>) => change({ url: { ...given, ...next } })
  const origin = URL.canParse(given.url.trim()) ? new URL(given.url.trim()).origin : ''
  const box = { autoComplete: 'off', className: 'font-mono text-xs', spellCheck: false } as const
  return (
    <>
      <Field hint={words.addressHint} label={words.address}>
        {(wired) => (
          <Textarea
            {...wired}
            {...box}
            className="font-mono text-xs break-all"
            maxLength={8_192}
            // An address has no line breaks; those of a pasted mail go.
            onChange={(event) => set({ url: event.target.value.replace(/\s+/g, '') })}
            placeholder={words.addressExample}
            rows={3}
            value={given.url}
          />
        )}
      </Field>
      <Field
        error={digestProblem(given.sha256)}
        hint={words.digestHint}
        label={words.digest}
        optional={text.common.optional}
      >
        {(wired) => (
          <Input
            {...wired}
            {...box}
            maxLength={100}
            onChange={(event) => set({ sha256: event.target.value })}
            value={given.sha256}
          />
        )}
      </Field>
      <Field hint={words.fileNameHint} label={words.fileName} optional={text.common.optional}>
        {(wired) => (
          <Input
            {...wired}
            {...box}
            maxLength={255}
            onChange={(event) => set({ fileName: event.target.value })}
            value={given.fileName}
          />
        )}
      </Field>
      <CheckRow
        checked={given.unpack}
        label={words.unpack}
        note={words.unpackNote}
        onChange={(event) => set({ unpack: event.target.checked })}
      />
      <CredentialChoice
        hint={words.credentialHint}
        kind="bearer"
        none={words.noCredential}
        onChange={(credential) => set({ credential })}
        project={draft.project}
        value={given.credential}
        {...(origin === '' ? {} : { preset: { origin } })}
      />
    </>
  )
}
