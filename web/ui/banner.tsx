import type { ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

const looks = {
  warn: { box: 'border-warn-line bg-warn-soft', icon: 'text-warn-fg' },
  info: { box: 'border-info-line bg-info-soft', icon: 'text-info-fg' },
  part: { box: 'border-dashed border-part-line bg-surface', icon: 'text-part-fg' },
}

/** Something that must be known about the whole page, why, and what can be done. */
export function Banner({
  tone,
  icon,
  title,
  children,
  action,
}: {
  tone: keyof typeof looks
  icon: IconName
  title: ReactNode
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <section className={cx('flex flex-wrap items-start gap-x-4 gap-y-3 rounded-card border p-4', looks[tone].box)}>
      <div className="flex min-w-0 grow basis-72 items-start gap-2.5">
        <Icon className={cx('mt-px', looks[tone].icon)} name={icon} />
        <div className="min-w-0">
          <h2 className="font-semibold break-words">{title}</h2>
          {children !== undefined && <div className="mt-1 break-words text-fg-2">{children}</div>}
        </div>
      </div>
      {action}
    </section>
  )
}
