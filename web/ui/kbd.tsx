import type { ReactNode } from 'react'

export function Kbd({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-grid h-5 min-w-5 place-items-center rounded-tag border border-line-2 bg-surface px-1 font-sans text-2xs text-fg-2">
      {children}
    </kbd>
  )
}
