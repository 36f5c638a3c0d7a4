import { describe, expect, it } from 'vitest'
import { LifecycleState } from '../../../contract/index.ts'
import { mayMove, sourcesOf } from './transitions.ts'

/** The table of the design, written out on its own. */
const allowed = [
  'draft>ingesting',
  'ingesting>verified',
  'ingesting>needs_attention',
  'ingesting>draft',
  'needs_attention>ingesting',
  'needs_attention>verified',
  'needs_attention>archived',
  'verified>evaluated',
  'verified>needs_attention',
  'verified>archived',
  'evaluated>published',
  'evaluated>needs_attention',
  'evaluated>archived',
  'published>evaluated',
  'published>needs_attention',
  'published>archived',
]

describe('transitions', () => {
  it('allows exactly the moves of the design', () => {
    const states = LifecycleState.options
    const found = states.flatMap((from) => states.filter((to) => mayMove(from, to)).map((to) => `${from}>${to}`))
    expect(found.sort()).toEqual([...allowed].sort())
  })

  it('makes archived final', () => {
    expect(LifecycleState.options.some((to) => mayMove('archived', to))).toBe(false)
    expect(sourcesOf('draft')).toEqual(['ingesting'])
  })
})
