import type { Schema } from '../app/client.ts'
import { text } from '../text.ts'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

type Severity = Schema<'Severity'>

const looks: Record<Severity, { icon: IconName; look: string }> = {
  critical: { icon: 'octagon', look: 'bg-fail-soft text-fail-fg' },
  high: { icon: 'chevrons-up', look: 'border border-fail-line text-fail-fg' },
  medium: { icon: 'equal', look: 'bg-warn-soft text-warn-fg' },
  low: { icon: 'chevron-down', look: 'border border-dashed border-part-line text-part-fg' },
  info: { icon: 'info', look: 'bg-part-soft text-part-fg' },
}

export const severityRank: Record<Severity, number> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 }

/** Shape, fill and word: never colour alone. */
export function SeverityChip({ severity }: { severity: Severity }) {
  return (
    <span
      className={cx(
        'inline-flex h-6 items-center gap-1.5 rounded-control px-2 text-xs font-medium whitespace-nowrap',
        looks[severity].look,
      )}
    >
      <Icon name={looks[severity].icon} size={14} />
      {text.severities[severity]}
    </span>
  )
}
