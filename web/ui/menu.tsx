import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

/** A menu of commands; `trigger` is one focusable element. */
export function Menu({
  trigger,
  children,
  align = 'end',
}: {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          className="appear z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-52 overflow-y-auto rounded-card border border-line-2 bg-raised p-1 shadow-float"
          collisionPadding={8}
          sideOffset={6}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const item =
  'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-control px-2.5 text-sm outline-none data-highlighted:bg-hover pointer-coarse:min-h-11'

export function MenuItem({
  icon,
  danger = false,
  reason,
  onSelect,
  children,
}: {
  icon?: IconName
  danger?: boolean
  /** Why it cannot be chosen now. */
  reason?: string | null | undefined
  onSelect: () => void
  children: ReactNode
}) {
  const blocked = reason !== undefined && reason !== null
  return (
    <Radix.Item
      aria-disabled={blocked || undefined}
      className={cx(item, blocked ? 'cursor-not-allowed text-fg-3' : danger && 'text-fail-fg')}
      onSelect={(event) => {
        if (blocked) event.preventDefault()
        else onSelect()
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span className="py-1">
        {children}
        {blocked && <span className="block max-w-64 text-xs text-fg-3">{reason}</span>}
      </span>
    </Radix.Item>
  )
}

export function MenuChoice<T extends string>({
  value,
  options,
  onChange,
  label,
}: {
  value: T
  options: { value: T; label: ReactNode; icon?: IconName }[]
  onChange: (value: T) => void
  label: string
}) {
  return (
    <Radix.RadioGroup aria-label={label} onValueChange={(next) => onChange(next as T)} value={value}>
      <Radix.Label className="px-2.5 py-1.5 text-xs text-fg-3">{label}</Radix.Label>
      {options.map((option) => (
        <Radix.RadioItem className={item} key={option.value} value={option.value}>
          {option.icon !== undefined && <Icon name={option.icon} />}
          <span className="grow">{option.label}</span>
          <Radix.ItemIndicator>
            <Icon name="check" size={14} />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  )
}

export const MenuLine = () => <Radix.Separator className="mx-1 my-1 h-px bg-line" />
