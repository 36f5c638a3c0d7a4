import { useState } from 'react'
import { CheckRow, Field, Input, Textarea } from '../../../ui/field.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { CredentialChoice } from '../wizard/credential-choice.tsx'
import { withoutQuery } from '../wizard/draft-store.ts'
import { bulk, wizard } from '../words.ts'
import type { BulkInput } from './use-bulk.ts'

const words = bulk
const key = 'modelhub.bulk'

type Kept = Omit<BulkInput, 'by'>

/** What was typed outlives a reload; the query of an address does not. */
export function useBulkInput(by: BulkInput['by']): [BulkInput, (change: Partial<Kept>) => void] {
  const [kept, setKept] = useState<Kept>(read)
  const change = (next: Partial<Kept>) => {
    const whole = { ...kept, ...next }
    setKept(whole)
    try {
      localStorage.setItem(key, JSON.stringify({ ...whole, list: whole.list.split('\n').map(safe).join('\n') }))
    } catch {
      // Without storage the list lives as long as the page.
    }
  }
  return [{ by, ...kept }, change]
}

const safe = (line: string) => (/^\s*https?:/i.test(line) ? withoutQuery(line) : line)

function read(): Kept {
  const empty = { list: '', glob: '', copy: false, credential: '' }
  try {
    const { list, glob, copy, credential } = {
      ...empty,
      ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Kept>),
    }
    return { list: String(list), glob: String(glob), copy: copy === true, credential: String(credential) }
  } catch {
    return empty
  }
}

export function BulkInputFields({
  input,
  change,
  onBy,
}: {
  input: BulkInput
  change: (next: Partial<Kept>) => void
  onBy: (by: BulkInput['by']) => void
}) {
  return (
    <div className="grid gap-4">
      <div>
        <Segmented
          label={words.by}
          onChange={onBy}
          options={[
            { value: 'list', label: words.byList },
            { value: 'glob', label: words.byGlob },
          ]}
          value={input.by}
        />
      </div>
      {input.by === 'list' ? (
        <Field hint={words.listHint} label={words.list}>
          {(wired) => (
            <Textarea
              {...wired}
              autoComplete="off"
              className="font-mono text-xs"
              maxLength={100_000}
              onChange={(event) => change({ list: event.target.value })}
              placeholder={words.listExample}
              rows={7}
              spellCheck={false}
              value={input.list}
            />
          )}
        </Field>
      ) : (
        <Field hint={words.globHint} label={words.glob}>
          {(wired) => (
            <Input
              {...wired}
              autoComplete="off"
              className="font-mono text-xs"
              maxLength={1_000}
              onChange={(event) => change({ glob: event.target.value })}
              placeholder={words.globExample}
              spellCheck={false}
              value={input.glob}
            />
          )}
        </Field>
      )}
      {input.by === 'list' && (
        <CredentialChoice
          hint={bulk.tokenHint}
          kind="huggingface"
          none={wizard.huggingface.noCredential}
          onChange={(credential) => change({ credential })}
          value={input.credential}
        />
      )}
      <CheckRow
        checked={input.copy}
        label={words.copy}
        note={words.copyNote}
        onChange={(event) => change({ copy: event.target.checked })}
      />
    </div>
  )
}
