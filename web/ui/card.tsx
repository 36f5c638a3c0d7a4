import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'

export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return <section {...rest} className={cx('rounded-card border border-line bg-surface', className)} />
}

/** Title of a card with what belongs at its right. */
export function CardHead({ title, note, children }: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3 pb-2 [&+dl]:pt-1">
      <h2 className="text-md font-semibold">{title}</h2>
      {note !== undefined && <span className="text-xs text-fg-3">{note}</span>}
      {children !== undefined && <div className="ml-auto flex items-center gap-2">{children}</div>}
    </div>
  )
}

/** Label and value pairs, one per line. */
export function Facts({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <dl
      className={cx(
        'grid gap-x-4 px-4 py-3',
        wide
          ? 'grid-cols-1 gap-y-1 max-md:[&>dd]:mb-2 md:grid-cols-[10rem_minmax(0,1fr)] md:gap-y-2.5'
          : 'grid-cols-[6.75rem_minmax(0,1fr)] gap-y-2.5',
      )}
    >
      {children}
    </dl>
  )
}

export function Fact({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  )
}
