import type { ReactNode } from 'react'

/** Nothing here yet: one sentence on what appears here, and what makes it appear. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="rounded-card border border-line bg-surface px-6 py-10 text-center">
      <p className="text-md font-semibold">{title}</p>
      {children !== undefined && <div className="mx-auto mt-1 max-w-[60ch] text-fg-2">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  )
}
