import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

/** One of a few: a radio group drawn as joined buttons. */
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
  return (
    <RadioGroup.Root
      aria-label={label}
      className={cx('inline-flex rounded-control border border-line-2 bg-sunken p-0.5', fill && 'flex w-full')}
      onValueChange={(next) => onChange(next as T)}
      orientation="horizontal"
      value={value}
    >
      {options.map((option) => (
        <RadioGroup.Item
          className={cx(
            'tap inline-flex h-6.5 items-center justify-center gap-1.5 rounded-[5px] px-2.5 text-xs font-medium whitespace-nowrap text-fg-2 hover:text-fg',
            'data-[state=checked]:bg-surface data-[state=checked]:text-fg data-[state=checked]:shadow-low',
            fill && 'grow',
          )}
          key={option.value}
          value={option.value}
        >
          {option.icon !== undefined && <Icon name={option.icon} size={14} />}
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
