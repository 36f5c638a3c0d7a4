import { useState } from 'react'
import type { Version } from '../use-model.ts'
import { isBlocking, pickAdded } from './finding.ts'
import { type Finding, useScanDiff } from './use-security.ts'
import { findingWords } from './words.ts'

type Filter = keyof typeof findingWords.filters

/** Which findings of a scan are shown. "New" is offered only where there is a scan before it to compare with. */
export function useFindingFilter(version: Version, scan: string | undefined, all: readonly Finding[]) {
  const [chosen, setValue] = useState<Filter>('all')
  const diff = useScanDiff(version, scan, undefined)
  const comparable = diff.data != null && diff.data.from !== null
  const fresh = comparable ? pickAdded(all, diff.data.added) : new Set<string>()
  const value = chosen === 'new' && !comparable ? 'all' : chosen
  const of: Record<Filter, readonly Finding[]> = {
    all,
    blocking: all.filter(isBlocking),
    open: all.filter((finding) => finding.status === 'open'),
    waived: all.filter((finding) => finding.status !== 'open'),
    new: all.filter(({ id }) => fresh.has(id)),
  }
  const offered = (['all', 'blocking', 'open', 'waived', ...(comparable ? ['new'] : [])] as Filter[]).map((filter) => ({
    value: filter,
    label: findingWords.filters[filter],
    count: of[filter].length,
  }))
  return { value, setValue, offered, all, fresh, shown: of[value] }
}
export type FindingFilter = ReturnType<typeof useFindingFilter>
