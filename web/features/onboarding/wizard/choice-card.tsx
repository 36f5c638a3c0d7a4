import type { ReactNode } from 'react'
import { cx } from '../../../ui/cx.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'

/** A large radio choice; the whole card is its label. */
export function ChoiceCard({
  name,
  icon,
  title,
  note,
  checked,
  onChoose,
}: {
  name: string
  icon?: IconName
  title: ReactNode
  note?: ReactNode
  checked: boolean
  onChoose: () => void
}) {
  return (
    <label
      className={cx(
        'flex cursor-pointer items-start gap-3 rounded-card border bg-surface p-3.5 hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
        checked ? 'border-accent shadow-[inset_0_0_0_1px_var(--accent)]' : 'border-line-2',
      )}
    >
      {icon !== undefined && <Icon className="mt-0.5 text-fg-2" name={icon} size={18} />}
      <span className="min-w-0 grow">
        <span className="block font-medium">{title}</span>
        {note !== undefined && <span className="mt-0.5 block text-xs text-fg-3">{note}</span>}
      </span>
      <input
        checked={checked}
        className="mt-1 accent-(--accent) outline-none"
        name={name}
        onChange={onChoose}
        type="radio"
      />
    </label>
  )
}
