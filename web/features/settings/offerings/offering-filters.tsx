import { type RefObject, useEffect, useRef, useState } from 'react'
import { type OfferingSearch, offeringSources } from '../../../app/search.ts'
import { useDebounced } from '../../../app/use-debounced.ts'
import { text } from '../../../text.ts'
import { Button, IconButton, TextButton } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Input, Select } from '../../../ui/field.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { Kbd } from '../../../ui/kbd.tsx'
import { offeringWords as words } from '../words.ts'
import type { OfferingChange } from './offerings-page.tsx'
import { useSellers } from './use-offerings.ts'

const statuses = ['active', 'preview', 'deprecated', 'retired'] as const
const modalities = Object.keys(text.modalities) as (keyof typeof text.modalities)[]

/** Words and filters of the list; each stands in the address. */
export function OfferingFilters({
  search,
  busy,
  inputRef,
  onChange,
}: {
  search: OfferingSearch
  busy: boolean
  inputRef: RefObject<HTMLInputElement | null>
  onChange: (next: OfferingChange) => void
}) {
  const sellers = useSellers().data ?? []
  const [open, setOpen] = useState(false)
  const chosen = Object.keys(search).filter((name) => name !== 'q').length
  const titleOf = (kind: string) => sellers.find((provider) => provider.kind === kind)?.title ?? kind
  const known = sellers.some(({ kind }) => kind === search.provider)
  return (
    <search className="mb-3 grid gap-2">
      <Words busy={busy} inputRef={inputRef} onChange={(q) => onChange({ q })} q={search.q} />
      <Button aria-expanded={open} className="w-fit md:hidden" icon="filters" onClick={() => setOpen(!open)} small>
        {words.showFilters(chosen)}
      </Button>
      <div className={cx('flex flex-wrap items-center gap-x-4 gap-y-2', !open && 'max-md:hidden')}>
        <Choice
          any={words.any.provider}
          label={words.filters.provider}
          onChange={(provider) => onChange({ provider })}
          options={[
            ...(search.provider === undefined || known ? [] : [{ value: search.provider, label: search.provider }]),
            ...sellers.map(({ kind }) => ({ value: kind, label: titleOf(kind) })),
          ]}
          value={search.provider}
        />
        <Choice
          any={words.any.modality}
          label={words.filters.modality}
          onChange={(modality) => onChange({ modality })}
          options={modalities.map((value) => ({ value, label: text.modalities[value] }))}
          value={search.modality}
        />
        <Choice
          any={words.any.status}
          label={words.filters.status}
          onChange={(status) => onChange({ status })}
          options={statuses.map((value) => ({ value, label: words.statuses[value] }))}
          value={search.status}
        />
        <Choice
          any={words.any.source}
          label={words.filters.source}
          onChange={(from) => onChange({ from: offeringSources.find((one) => one === from) })}
          options={offeringSources.map((value) => ({ value, label: words.sources[value] }))}
          value={search.from}
        />
        <Most onChange={(max) => onChange({ max })} value={search.max} />
        {Object.keys(search).length > 0 && (
          <TextButton
            className="tap"
            onClick={() =>
              onChange({
                q: undefined,
                provider: undefined,
                modality: undefined,
                status: undefined,
                from: undefined,
                max: undefined,
              })
            }
          >
            {words.clear}
          </TextButton>
        )}
      </div>
    </search>
  )
}

/** Sends what was typed once the keys rest, and follows the address when it changes from outside. */
function useSettled(value: string | undefined, onChange: (next: string | undefined) => void, ms: number) {
  const [typed, setTyped] = useState(value ?? '')
  const settled = useDebounced(typed, ms)
  const sent = useRef(value ?? '')
  useEffect(() => {
    if (settled.trim() === sent.current) return
    sent.current = settled.trim()
    onChange(settled.trim() === '' ? undefined : settled.trim())
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only a settled change searches
  }, [settled])
  useEffect(() => {
    if ((value ?? '') !== sent.current) {
      sent.current = value ?? ''
      setTyped(value ?? '')
    }
  }, [value])
  return [typed, setTyped] as const
}

function Words({
  q,
  busy,
  inputRef,
  onChange,
}: {
  q: string | undefined
  busy: boolean
  inputRef: RefObject<HTMLInputElement | null>
  onChange: (q: string | undefined) => void
}) {
  const [typed, setTyped] = useSettled(q, onChange, 80)
  return (
    <div className="relative">
      <div className="flex min-h-10 items-center gap-2 rounded-control border border-line-input bg-surface px-3 focus-within:outline-2 focus-within:outline-focus pointer-coarse:min-h-12">
        <Icon className="text-fg-2" name="search" />
        <input
          aria-label={words.searchLabel}
          autoComplete="off"
          className="h-9 min-w-0 grow bg-transparent text-sm outline-none"
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur()
          }}
          placeholder={words.search}
          ref={inputRef}
          spellCheck={false}
          type="text"
          value={typed}
        />
        {typed !== '' && (
          <IconButton
            className="size-6"
            icon="x"
            label={text.catalog.clearSearch}
            onClick={() => setTyped('')}
            size={14}
          />
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
    </div>
  )
}

function Choice({
  label,
  any,
  value,
  options,
  onChange,
}: {
  label: string
  any: string
  value: string | undefined
  options: { value: string; label: string }[]
  onChange: (value: string | undefined) => void
}) {
  return (
    <label className="flex min-w-0 items-center gap-1.5 text-xs text-fg-3 max-md:grow max-md:basis-36 max-md:flex-col max-md:items-start">
      {label}
      <Select
        className="w-auto! max-w-44 max-md:w-full! max-md:max-w-none"
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        value={value ?? ''}
      >
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </label>
  )
}

function Most({ value, onChange }: { value: string | undefined; onChange: (max: string | undefined) => void }) {
  const [typed, setTyped] = useSettled(value, onChange, 250)
  return (
    <label className="flex min-w-0 items-center gap-1.5 text-xs text-fg-3 max-md:grow max-md:basis-36 max-md:flex-col max-md:items-start">
      {words.filters.max}
      <Input
        className="w-20! max-md:w-full!"
        inputMode="decimal"
        min={0}
        onChange={(event) => setTyped(event.target.value)}
        step="any"
        type="number"
        value={typed}
      />
    </label>
  )
}
