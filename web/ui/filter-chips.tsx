import { useId } from 'react'
import { count } from '../format.ts'

/** One of a few filters, each with how much it keeps: native radio buttons that wrap where there is no room. */
export function FilterChips<T extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: T
  options: { value: T; label: string; count: number }[]
  onChange: (value: T) => void
  label: string
}) {
  const name = useId()
  return (
    <div aria-label={label} className="flex flex-wrap gap-1.5" role="radiogroup">
      {options.map((option) => (
        <label
          className="tap relative inline-flex h-7 items-center gap-1.5 rounded-control border border-line-2 bg-surface px-2.5 text-xs font-medium whitespace-nowrap hover:bg-hover has-checked:border-accent has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-focus"
          key={option.value}
        >
          <input
            checked={option.value === value}
            className="absolute inset-0 cursor-pointer appearance-none rounded-control outline-none"
            name={name}
            onChange={() => onChange(option.value)}
            type="radio"
            value={option.value}
          />
          {option.label}
          <span className="font-normal text-fg-2">{count(option.count)}</span>
        </label>
      ))}
    </div>
  )
}
