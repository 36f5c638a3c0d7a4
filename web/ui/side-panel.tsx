import { type ReactNode, useEffect, useRef } from 'react'
import { Button, IconButton } from './button.tsx'
import { cx } from './cx.ts'

/** A list with what is chosen in it: side by side on wide windows, the chosen alone on narrow ones. */
export function WithPanel({ list, panel }: { list: ReactNode; panel: ReactNode | null }) {
  return (
    <div className={cx('grid items-start gap-4', panel !== null && 'xl:grid-cols-[minmax(0,1fr)_27rem]')}>
      <div className={cx('min-w-0', panel !== null && 'max-xl:hidden')}>{list}</div>
      {panel}
    </div>
  )
}

/** The panel beside a list: it takes the focus when another thing is chosen, and has a way back. */
export function SidePanel({
  id,
  title,
  lead,
  head,
  backLabel,
  closeLabel,
  onClose,
  children,
}: {
  /** Of what is shown. */
  id: string
  title: string
  lead?: ReactNode
  head?: ReactNode
  backLabel: string
  closeLabel: string
  onClose: () => void
  children: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    heading.current?.focus({ preventScroll: matchMedia('(min-width: 80rem)').matches })
  }, [id])
  return (
    <div className="min-w-0 xl:sticky xl:top-16">
      <Button className="mb-3 xl:hidden" icon="arrow-left" look="quiet" onClick={onClose} small>
        {backLabel}
      </Button>
      <aside
        aria-label={title}
        className="min-w-0 rounded-card border border-line bg-surface xl:max-h-[calc(100dvh-5rem)] xl:overflow-y-auto"
      >
        <div className="flex items-start gap-3 px-4 pt-4 pb-3">
          <div className="min-w-0 grow">
            <h2 className="text-md font-semibold break-words outline-none" ref={heading} tabIndex={-1}>
              {title}
            </h2>
            {lead !== undefined && <div className="mt-0.5 text-xs break-words text-fg-3">{lead}</div>}
          </div>
          {head}
          <IconButton className="-mt-1 -mr-1 max-xl:hidden" icon="x" label={closeLabel} onClick={onClose} />
        </div>
        {children}
      </aside>
    </div>
  )
}

/** A part of a panel under a line and a heading. */
export function PanelPart({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-3">
      <h3 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
        {title}
        {note !== undefined && <span className="text-xs font-normal text-fg-3">{note}</span>}
      </h3>
      <div className="mt-2">{children}</div>
    </section>
  )
}
