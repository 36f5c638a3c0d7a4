import { type ReactNode, useId } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

/** One of a few: native radio buttons drawn as joined buttons. */
export function Segmented<T extends string>({
  value,
  options,
  onChange,
  label,
  fill = false,
}: {
  value: T
  options: { value: T; label: ReactNode; icon?: IconName }[]
  onChange: (value: T) => void
  label: string
  fill?: boolean
}) {
  const name = useId()
  return (
    <div
      aria-label={label}
      className={cx('inline-flex rounded-control border border-line-2 bg-sunken p-0.5', fill && 'flex w-full')}
      role="radiogroup"
    >
      {options.map((option) => (
        <label
          className={cx(
            'tap relative inline-flex h-6.5 items-center justify-center gap-1.5 rounded-[5px] px-2.5 text-xs font-medium whitespace-nowrap text-fg-2 hover:text-fg',
            'has-checked:bg-raised has-checked:text-fg has-checked:shadow-[0_0_0_1px_var(--line-2)] has-focus-visible:outline-2 has-focus-visible:outline-focus',
            fill && 'grow',
          )}
          key={option.value}
        >
          <input
            checked={option.value === value}
            className="absolute inset-0 cursor-pointer appearance-none rounded-[5px] outline-none"
            name={name}
            onChange={() => onChange(option.value)}
            type="radio"
            value={option.value}
          />
          {option.icon !== undefined && <Icon name={option.icon} size={14} />}
          {option.label}
        </label>
      ))}
    </div>
  )
}
