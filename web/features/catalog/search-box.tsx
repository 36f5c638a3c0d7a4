import { type RefObject, useEffect, useRef, useState } from 'react'
import type { CatalogChange, CatalogSearch } from '../../app/search.ts'
import { useDebounced } from '../../app/use-debounced.ts'
import { text } from '../../text.ts'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { facetLabel } from './facet-label.ts'
import { chosen, type FacetName, facetNames } from './use-catalog.ts'

/** One field for words; the chosen facets stand in it as chips. Searches 80 ms after the last key. */
export function SearchBox({
  search,
  filters,
  tookMs,
  busy,
  inputRef,
  onChange,
}: {
  search: CatalogSearch
  filters: { facet: FacetName; value: string }[]
  tookMs: number | undefined
  busy: boolean
  inputRef: RefObject<HTMLInputElement | null>
  onChange: (next: CatalogChange) => void
}) {
  const [words, setWords] = useState(search.q ?? '')
  const settled = useDebounced(words, 80)
  const sent = useRef(search.q ?? '')
  useEffect(() => {
    if (settled.trim() === sent.current) return
    sent.current = settled.trim()
    onChange({ q: settled.trim() === '' ? undefined : settled.trim() })
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a settled change of words searches
  }, [settled])
  useEffect(() => {
    // The address changed from outside, by the back button or "Clear all".
    if ((search.q ?? '') !== sent.current) {
      sent.current = search.q ?? ''
      setWords(search.q ?? '')
    }
  }, [search.q])
  const groups = facetNames.filter((facet) => filters.some((filter) => filter.facet === facet))
  return (
    <search className="relative mt-3 block">
      <div className="flex min-h-10 flex-wrap items-center gap-2 rounded-control border border-line-input bg-surface px-3 focus-within:outline-2 focus-within:outline-focus pointer-coarse:min-h-12">
        <Icon className="text-fg-2" name="search" />
        {groups.map((facet) => (
          <span
            className="inline-flex h-6 max-w-full items-center gap-1.5 rounded-tag bg-accent-soft pl-2 text-xs text-accent-fg"
            key={facet}
          >
            <span className="truncate">
              {text.catalog.facets[facet].toLowerCase()}{' '}
              <strong className="font-semibold text-fg">
                {chosen(search, facet)
                  .map((value) => facetLabel(facet, value))
                  .join(', ')}
              </strong>
            </span>
            <IconButton
              className="size-6 text-accent-fg"
              icon="x"
              label={text.catalog.remove(text.catalog.facets[facet])}
              onClick={() => onChange({ [facet]: undefined })}
              size={12}
            />
          </span>
        ))}
        <input
          aria-label={text.catalog.searchLabel}
          autoComplete="off"
          className="h-9 min-w-32 grow bg-transparent text-sm outline-none"
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          placeholder={text.catalog.search}
          ref={inputRef}
          spellCheck={false}
          type="text"
          value={words}
        />
        {words !== '' && (
          <IconButton
            className="size-6"
            icon="x"
            label={text.catalog.clearSearch}
            onClick={() => setWords('')}
            size={14}
          />
        )}
        {tookMs !== undefined && (
          <span className="text-xs text-fg-3 max-md:hidden" title={text.catalog.tookTitle}>
            {text.catalog.took(tookMs < 1 ? tookMs.toFixed(1) : String(Math.round(tookMs)))}
          </span>
        )}
        <span aria-hidden="true" className="max-md:hidden">
          <Kbd>/</Kbd>
        </span>
      </div>
      <span
        aria-hidden="true"
        className={cx(
          'absolute inset-x-1 -bottom-0.5 h-0.5 rounded-full bg-accent opacity-0 transition-opacity delay-150',
          busy && 'opacity-100',
        )}
      />
    </search>
  )
}
