import { useCallback, useSyncExternalStore } from 'react'
import type { Schema } from '../../app/client.ts'

/** What the wizard knows so far. Kept in the browser until it is sent, so that leaving is safe. */
export type Draft = {
  modality: Schema<'Modality'> | null
  path: string
  mode: 'in_place' | 'copy'
  name: string
  /** True once the person typed a name: a suggestion then no longer replaces it. */
  named: boolean
  description: string
  tags: string
  project: string
  benchmark: boolean
  evaluate: boolean
  publish: boolean
}

const emptyDraft: Draft = {
  modality: null,
  path: '',
  mode: 'in_place',
  name: '',
  named: false,
  description: '',
  tags: '',
  project: '',
  benchmark: true,
  evaluate: true,
  publish: false,
}

const key = 'modelhub.wizard'
const listeners = new Set<() => void>()
let memory: Draft | null | undefined

function read(): Draft | null {
  if (memory !== undefined) return memory
  try {
    const stored = localStorage.getItem(key)
    memory = stored === null ? null : { ...emptyDraft, ...(JSON.parse(stored) as Partial<Draft>) }
  } catch {
    memory = null
  }
  return memory
}

export function writeDraft(draft: Draft | null): void {
  memory = draft
  try {
    if (draft === null) localStorage.removeItem(key)
    else localStorage.setItem(key, JSON.stringify(draft))
  } catch {
    // Without storage the form lives as long as the page.
  }
  for (const listener of listeners) listener()
}

/** The unfinished form, or null. */
export const useStoredDraft = (): Draft | null =>
  useSyncExternalStore((listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, read)

export function useDraft(): [Draft, (change: Partial<Draft>) => void] {
  const draft = useStoredDraft() ?? emptyDraft
  const change = useCallback((next: Partial<Draft>) => writeDraft({ ...(read() ?? emptyDraft), ...next }), [])
  return [draft, change]
}

export const tagsOf = (draft: Draft): string[] => [
  ...new Set(
    draft.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
]
