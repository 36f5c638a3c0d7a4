import { parseSourceText } from '../../../../contract/source-text.ts'
import { text } from '../../../text.ts'
import { TextButton } from '../../../ui/button.tsx'
import { CheckRow, Field, Input } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { wizard } from '../words.ts'
import { CredentialChoice } from './credential-choice.tsx'
import type { ChangeDraft, Draft } from './draft.ts'

const words = wizard.huggingface

export function DetailsHuggingFace({ draft, change }: { draft: Draft; change: ChangeDraft }) {
  const given = draft.huggingface
  const set = (next: Partial<Draft['huggingface']>) => change({ huggingface: { ...given, ...next } })
  const typeRepo = (typed: string) => set(readRepo(typed) ?? { repo: typed, commit: null })
  const box = { autoComplete: 'off', className: 'font-mono text-xs', spellCheck: false } as const
  return (
    <>
      <div className="grid gap-4 md:grid-cols-[minmax(0,1fr)_minmax(0,12rem)]">
        <Field hint={words.repoHint} label={words.repo}>
          {(wired) => (
            <Input
              {...wired}
              {...box}
              maxLength={300}
              onChange={(event) => typeRepo(event.target.value)}
              placeholder={words.repoExample}
              value={given.repo}
            />
          )}
        </Field>
        <Field hint={words.revisionHint} label={words.revision} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              {...box}
              maxLength={255}
              onChange={(event) => set({ revision: event.target.value, commit: null })}
              placeholder="main"
              value={given.revision}
            />
          )}
        </Field>
      </div>
      {given.commit !== null && (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-fg-2">
          <Icon className="text-pass-fg" name="circle-check" size={14} />
          <span>
            {words.pinned} <code title={given.commit}>{given.commit.slice(0, 12)}</code>
          </span>
          <TextButton onClick={() => set({ commit: null })}>{words.unpin}</TextButton>
        </p>
      )}
      <div className="grid gap-4 md:grid-cols-2">
        <Field hint={words.includeHint} label={words.include} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              {...box}
              onChange={(event) => set({ include: event.target.value })}
              placeholder="*.safetensors *.json"
              value={given.include}
            />
          )}
        </Field>
        <Field hint={words.excludeHint} label={words.exclude} optional={text.common.optional}>
          {(wired) => (
            <Input
              {...wired}
              {...box}
              onChange={(event) => set({ exclude: event.target.value })}
              placeholder="*.bin"
              value={given.exclude}
            />
          )}
        </Field>
      </div>
      <CredentialChoice
        hint={words.credentialHint}
        kind="huggingface"
        none={words.noCredential}
        onChange={(credential) => set({ credential })}
        project={draft.project}
        value={given.credential}
      />
      <CheckRow
        checked={given.watch}
        label={words.watch}
        note={words.watchNote}
        onChange={(event) => set({ watch: event.target.checked })}
      />
    </>
  )
}

/** A pasted `hf:org/name@revision` or the address of a repository's page, apart; null for anything else. */
function readRepo(typed: string): { repo: string; revision: string; commit: null } | null {
  const trimmed = typed.trim()
  if (!/^(hf:|https?:)/i.test(trimmed)) return null
  const parsed = parseSourceText(trimmed)
  if ('problem' in parsed || parsed.source.type !== 'huggingface') return null
  const { repo, revision } = parsed.source
  return { repo, revision: revision === 'main' ? '' : revision, commit: null }
}
