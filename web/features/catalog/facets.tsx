import { useState } from 'react'
import type { Schema } from '../../app/client.ts'
import type { CatalogChange, CatalogSearch } from '../../app/search.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { TextButton } from '../../ui/button.tsx'
import { CheckRow } from '../../ui/field.tsx'
import { facetLabel } from './facet-label.ts'
import { chosen, type FacetName, facetNames } from './use-catalog.ts'

type Counts = NonNullable<Schema<'ModelPage'>['facets']>

/** Values that are always listed, in the order of the lifecycle or of severity; others come by count. */
const fixed: Partial<Record<FacetName, string[]>> = {
  state: ['published', 'evaluated', 'verified', 'needs_attention', 'ingesting', 'draft', 'archived'],
  verdict: ['pass', 'review', 'block', 'incomplete'],
  source: ['cloud', 'huggingface', 'url', 'disk'],
}
const shownFirst = 5

export function Facets({
  facets,
  answered,
  search,
  onChange,
}: {
  facets: Counts | undefined
  /** True once the list has come: counts that are still missing then are said to be missing. */
  answered: boolean
  search: CatalogSearch
  onChange: (next: CatalogChange) => void
}) {
  return (
    <div className="grid gap-4">
      {answered && facets === undefined && <p className="text-xs text-fg-3">{text.catalog.facetMissing}</p>}
      {facetNames.map((facet) => (
        <FacetGroup
          counts={facets?.[facet]}
          facet={facet}
          key={facet}
          onChange={(values) => onChange({ [facet]: values.length === 0 ? undefined : values.join(',') })}
          selected={chosen(search, facet)}
        />
      ))}
    </div>
  )
}

function FacetGroup({
  facet,
  counts,
  selected,
  onChange,
}: {
  facet: FacetName
  counts: Counts[string] | undefined
  selected: string[]
  onChange: (values: string[]) => void
}) {
  const [all, setAll] = useState(false)
  const known = new Map(counts?.map((entry) => [entry.value, entry.count]))
  const listed = fixed[facet] ?? [...new Set([...selected, ...known.keys()])]
  if (listed.length === 0 || (fixed[facet] === undefined && counts === undefined)) return null
  const shown = all ? listed : listed.filter((value, index) => index < shownFirst || selected.includes(value))
  const hidden = listed.length - shown.length
  return (
    <fieldset className="border-b border-line pb-3 last:border-b-0">
      <legend className="mb-1.5 font-semibold">{text.catalog.facets[facet]}</legend>
      <div className="grid gap-0.5">
        {shown.map((value) => (
          <CheckRow
            checked={selected.includes(value)}
            count={counts === undefined ? undefined : count(known.get(value) ?? 0)}
            key={value}
            label={<span className="break-words text-fg-2">{facetLabel(facet, value)}</span>}
            onChange={(event) =>
              onChange(event.target.checked ? [...selected, value] : selected.filter((other) => other !== value))
            }
          />
        ))}
        {(hidden > 0 || all) && listed.length > shownFirst && (
          <TextButton className="tap justify-self-start pl-6 text-left" onClick={() => setAll(!all)}>
            {all ? text.catalog.fewer : text.catalog.more(hidden)}
          </TextButton>
        )}
      </div>
    </fieldset>
  )
}
