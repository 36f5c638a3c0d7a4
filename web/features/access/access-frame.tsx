import { type ReactNode, useEffect } from 'react'
import { text } from '../../text.ts'
import { BrandMark } from '../../ui/icon.tsx'

/** One narrow column for what happens before somebody is signed in. */
export function AccessFrame({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · ${text.product}`
  }, [title])
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-5 px-4 py-10" id="main">
      <div className="flex items-center gap-2.5 text-md font-semibold">
        <BrandMark size={30} />
        {text.product}
      </div>
      <div>
        <h1 className="text-xl font-semibold">{title}</h1>
        {lead !== undefined && <p className="mt-1 text-fg-2">{lead}</p>}
      </div>
      {children}
      <p className="text-xs text-fg-3">{text.access.localOnly}</p>
    </main>
  )
}
