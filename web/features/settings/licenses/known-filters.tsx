import { type RefObject, useEffect, useRef, useState } from 'react'
import { type KnownLicenseSearch, licenseClasses } from '../../../app/search.ts'
import { useDebounced } from '../../../app/use-debounced.ts'
import { Input, Select } from '../../../ui/field.tsx'
import { stripWords } from '../../model/license/words.ts'
import { knownWords as words } from './words.ts'

/** Words and class; both stand in the address. */
export function KnownFilters({
  search,
  busy,
  inputRef,
  onChange,
}: {
  search: KnownLicenseSearch
  busy: boolean
  inputRef: RefObject<HTMLInputElement | null>
  onChange: (next: { [Name in keyof KnownLicenseSearch]?: KnownLicenseSearch[Name] | undefined }) => void
}) {
  const [typed, setTyped] = useState(search.q ?? '')
  const settled = useDebounced(typed, 120).trim()
  const sent = useRef(search.q ?? '')
  useEffect(() => {
    if (settled === sent.current) return
    sent.current = settled
    onChange({ q: settled === '' ? undefined : settled })
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a settled change searches
  }, [settled])
  useEffect(() => {
    // The address changed from outside, by the back button or "Show all".
    if ((search.q ?? '') === sent.current) return
    sent.current = search.q ?? ''
    setTyped(search.q ?? '')
  }, [search.q])
  return (
    <search aria-busy={busy} className="mb-3 grid max-w-3xl gap-2 md:grid-cols-[minmax(0,1fr)_14rem]">
      <Input
        aria-label={words.searchLabel}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        placeholder={words.search}
        ref={inputRef}
        spellCheck={false}
        type="search"
        value={typed}
      />
      <Select
        aria-label={words.classLabel}
        onChange={(event) => onChange({ class: licenseClasses.find((one) => one === event.target.value) })}
        value={search.class ?? ''}
      >
        <option value="">{words.anyClass}</option>
        {licenseClasses.map((one) => (
          <option key={one} value={one}>
            {stripWords.classes[one]}
          </option>
        ))}
      </Select>
    </search>
  )
}
