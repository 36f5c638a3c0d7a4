import { useCallback, useSyncExternalStore } from 'react'
import { type Draft, emptyDraft } from './draft.ts'

/** A form left half-way. */
export type StoredForm = { id: string; draft: Draft; at: string }

const key = 'modelhub.forms'
/** The oldest go first. */
const mostForms = 20
const listeners = new Set<() => void>()
let memory: StoredForm[] | undefined

export const newFormId = (): string => crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? '0'

function read(): StoredForm[] {
  if (memory !== undefined) return memory
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    memory = Array.isArray(stored) ? stored.flatMap(restore) : []
  } catch {
    memory = []
  }
  return memory
}

/** What an earlier release kept may lack parts that a form has now. */
function restore(value: unknown): StoredForm[] {
  const { id, draft, at } = (value ?? {}) as Partial<StoredForm>
  if (typeof id !== 'string' || typeof draft !== 'object' || typeof at !== 'string') return []
  const parts = ['huggingface', 'url', 'disk', 'cloud'] as const
  const sources = Object.fromEntries(parts.map((part) => [part, { ...emptyDraft[part], ...draft[part] }]))
  return [{ id, at, draft: { ...emptyDraft, ...draft, ...sources } }]
}

/** A query may sign for whoever holds it: it stays in the page and is never written down. */
export function withoutQuery(address: string): string {
  return address.replace(/[?#].*$/s, '').replace(/^(https?:\/\/)[^/@]*@/i, '$1')
}

const toStore = (form: StoredForm): StoredForm => ({
  ...form,
  draft: { ...form.draft, url: { ...form.draft.url, url: withoutQuery(form.draft.url.url) } },
})

function write(forms: StoredForm[]): void {
  memory = forms
  try {
    if (forms.length === 0) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(forms.map(toStore)))
  } catch {
    // Without storage a form lives as long as the page.
  }
  for (const listener of listeners) listener()
}

export const writeForm = (id: string, draft: Draft): void =>
  write([{ id, draft, at: new Date().toISOString() }, ...read().filter((form) => form.id !== id)].slice(0, mostForms))

/** Keeps a form that begins with something; one that was begun the same way and left untouched is taken up. Its id. */
export function beginForm(draft: Draft): string {
  const same = read().find((form) => JSON.stringify(form.draft) === JSON.stringify(draft))
  const id = same?.id ?? newFormId()
  writeForm(id, draft)
  return id
}

/** A change that comes from elsewhere than the form, such as an upload that goes on behind it. A form that is gone stays so. */
export function changeForm(id: string, change: (draft: Draft) => Partial<Draft>): void {
  const draft = read().find((form) => form.id === id)?.draft
  if (draft !== undefined) writeForm(id, { ...draft, ...change(draft) })
}

export const dropForm = (id: string): void => write(read().filter((form) => form.id !== id))

/** The unfinished forms of this browser, the last one touched first. */
export const useStoredForms = (): StoredForm[] =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, read)

/** One form: it is kept from its first change on. */
export function useForm(id: string): [Draft, (change: Partial<Draft>) => void] {
  const draft = useStoredForms().find((form) => form.id === id)?.draft ?? emptyDraft
  const change = useCallback(
    (next: Partial<Draft>) =>
      writeForm(id, { ...(read().find((form) => form.id === id)?.draft ?? emptyDraft), ...next }),
    [id],
  )
  return [draft, change]
}
