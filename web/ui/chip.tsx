import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'
import { type Status, toneChip, toneText } from './status.ts'

const spins = (status: Status) => (status.icon === 'loader' ? 'turning' : undefined)

/** Filled chip: a state or verdict where it is the subject. Incomplete is always dashed. */
export function StatusChip({ status, className }: { status: Status; className?: string }) {
  const dashed = status.icon === 'circle-dashed' || status.icon === 'archive'
  return (
    <span
      className={cx(
        'inline-flex h-6 shrink-0 items-center gap-1.5 rounded-control px-2 text-xs font-medium whitespace-nowrap',
        dashed
          ? cx('border text-part-fg', status.icon === 'archive' ? 'border-part-line' : 'border-dashed border-part-line')
          : toneChip[status.tone],
        className,
      )}
    >
      <Icon className={spins(status)} name={status.icon} size={14} />
      {status.label}
    </span>
  )
}

/** Icon and word in a table: only what needs work colours its word. */
export function StatusText({ status, className }: { status: Status; className?: string }) {
  return (
    <span className={cx('inline-flex min-w-0 items-center gap-1.5 align-middle', className)} title={status.note}>
      <Icon className={cx(toneText[status.tone], spins(status))} name={status.icon} size={14} />
      <span
        className={cx(
          'truncate',
          status.quiet || status.tone === 'part' ? 'text-fg-2' : cx(toneText[status.tone], 'font-medium'),
        )}
      >
        {status.label}
        {status.note !== undefined && <span className="sr-only">, {status.note}</span>}
      </span>
    </span>
  )
}

/** A small outlined fact. */
export function Tag({ children, mono = false, title }: { children: ReactNode; mono?: boolean; title?: string }) {
  return (
    <span
      className={cx(
        'inline-flex h-5 max-w-full items-center gap-1.5 rounded-tag border border-line-2 px-1.5 text-xs text-fg-2',
        mono && 'font-mono',
      )}
      title={title}
    >
      {children}
    </span>
  )
}
