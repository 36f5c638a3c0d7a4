import type { ReactNode } from 'react'

/** A figure with its label, unit and origin mark; tiles sit side by side in one card. */
export function Tiles({ children }: { children: ReactNode }) {
  return (
    <div className="grid grid-cols-[repeat(auto-fit,minmax(10rem,1fr))] gap-px overflow-hidden rounded-card border border-line bg-line">
      {children}
    </div>
  )
}

export function Tile({
  label,
  value,
  unit,
  mark,
  note,
}: {
  label: string
  value: ReactNode
  unit?: string | undefined
  mark?: ReactNode
  note?: ReactNode
}) {
  return (
    <div className="bg-surface px-4 py-3">
      <div className="flex min-h-5 items-center gap-1.5 text-xs text-fg-3">
        {label}
        {mark}
      </div>
      <div className="mt-0.5 text-xl font-semibold">
        {value}
        {unit !== undefined && <span className="ml-1 text-xs font-normal text-fg-3">{unit}</span>}
      </div>
      {note !== undefined && <div className="mt-0.5 text-xs text-fg-2">{note}</div>}
    </div>
  )
}

/** In the place of a figure that was never measured. */
export function NoValue({ children }: { children: ReactNode }) {
  return <span className="text-lg font-normal text-fg-3">{children}</span>
}
