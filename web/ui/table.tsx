import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'

/** A real table with a caption; it scrolls inside its own frame when the window is narrow. */
export function Table({
  caption,
  children,
  className,
  rowCount,
}: {
  caption: string
  children: ReactNode
  className?: string
  /** Rows in all with the head, where only a part of them is drawn. */
  rowCount?: number | undefined
}) {
  return (
    <div
      aria-label={caption}
      className={cx(
        'overflow-x-auto rounded-card border border-line bg-surface focus-visible:outline-offset-0',
        className,
      )}
      role="region"
      // The frame scrolls sideways, so the keyboard has to reach it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <table aria-rowcount={rowCount} className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  )
}

export function Th({
  children,
  className,
  numeric = false,
  sorted,
  onSort,
}: {
  children?: ReactNode
  className?: string
  numeric?: boolean
  sorted?: 'ascending' | 'descending' | undefined
  onSort?: () => void
}) {
  return (
    <th
      aria-sort={onSort === undefined ? undefined : (sorted ?? 'none')}
      className={cx(
        'h-9 border-b border-line px-3 text-xs font-medium whitespace-nowrap first:pl-4 last:pr-4',
        sorted === undefined ? 'text-fg-3' : 'font-semibold text-fg',
        numeric && 'text-right',
        className,
      )}
      scope="col"
    >
      {onSort === undefined ? (
        children
      ) : (
        <button className="tap inline-flex items-center gap-1 rounded-tag hover:text-fg" onClick={onSort} type="button">
          {children}
          {sorted !== undefined && <Icon name={sorted === 'ascending' ? 'arrow-up' : 'arrow-down'} size={12} />}
        </button>
      )}
    </th>
  )
}

export function Td({ className, numeric = false, ...rest }: ComponentProps<'td'> & { numeric?: boolean }) {
  return (
    <td
      {...rest}
      className={cx('px-3 py-1.5 first:pl-4 last:pr-4', numeric && 'text-right whitespace-nowrap', className)}
    />
  )
}

export function Tr({ className, selected = false, ...rest }: ComponentProps<'tr'> & { selected?: boolean }) {
  return (
    <tr
      {...rest}
      aria-selected={undefined}
      className={cx(
        'h-(--row) border-b border-line last:border-b-0',
        selected ? 'bg-selected shadow-[inset_2px_0_0_var(--accent)]' : 'hover:bg-hover',
        className,
      )}
    />
  )
}
