import { cx } from './cx.ts'
import { CopyButton } from './copy-button.tsx'

/** Program text with a copy button; long lines scroll inside, by keyboard too. */
export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  return (
    <div className={cx('relative rounded-control border border-line-2 bg-sunken', className)}>
      <pre
        aria-label={label}
        className="overflow-x-auto px-3 py-2.5 pr-12 text-xs leading-5 whitespace-pre"
        role="region"
        // The block scrolls sideways, so the keyboard has to reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <code>{code}</code>
      </pre>
      <CopyButton className="absolute right-2 bottom-2" value={code} />
    </div>
  )
}
