import { useDebounced } from '../../../app/use-debounced.ts'
import { useSourceCheck } from '../use-onboarding.ts'
import type { Draft } from './draft.ts'
import { sourceOf } from './draft-source.ts'

const restMs = 400

/** Whether what is shown is what was typed. */
export type Settled = { state: 'incomplete'; missing: string; started: boolean } | { state: 'waiting' | 'done' }

/** The live check of a form: asked 400 ms after the last change, and cancelled by the next. */
export function useDraftCheck(draft: Draft) {
  const now = sourceOf(draft)
  const typed = 'source' in now ? JSON.stringify([now.source, draft.modality]) : ''
  const rested = useDebounced(typed, restMs)
  const asked = rested === '' ? null : (JSON.parse(rested) as Parameters<typeof useSourceCheck>[0])
  const check = useSourceCheck(asked)
  const settled: Settled =
    'missing' in now
      ? { state: 'incomplete', ...now }
      : rested === typed && !check.isFetching
        ? { state: 'done' }
        : { state: 'waiting' }
  return { check, settled, source: 'source' in now ? now.source : null }
}
