import type { ReactNode } from 'react'
import { useViewer } from '../../app/session.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { waiverTerms as words } from './words.ts'

/** What a waiver is before it is given: who decides, what it covers, how it ends, and what it never passes. */
export function WaiverTerms({ covers }: { covers: string }) {
  const viewer = useViewer()
  return (
    <span className="grid gap-1.5">
      <Term icon="stamp" label={words.who}>
        {words.you(viewer?.name ?? words.nobody)}
      </Term>
      <Term icon="list" label={words.covers}>
        {covers}
      </Term>
      <Term icon="refresh" label={words.ends}>
        {words.end}
      </Term>
      <Term icon="octagon" label={words.never}>
        {words.critical}
      </Term>
    </span>
  )
}

function Term({ icon, label, children }: { icon: IconName; label: string; children: ReactNode }) {
  return (
    <span className="flex items-start gap-2">
      <Icon className="mt-0.5 text-fg-3" name={icon} size={14} />
      <span className="min-w-0 break-words">
        <span className="font-medium text-fg">{label}:</span> {children}
      </span>
    </span>
  )
}
