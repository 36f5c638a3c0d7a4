import { CopyButton } from './copy-button.tsx'
import { cx } from './cx.ts'

/** Program text with a copy button; long lines scroll inside, by keyboard too. */
export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  return (
    <div className={cx('flex items-end rounded-control border border-line-2 bg-sunken', className)}>
      <pre
        aria-label={label}
        className="min-w-0 grow overflow-x-auto py-2.5 pl-3 text-xs leading-5 whitespace-pre"
        role="region"
        // The block scrolls sideways, so the keyboard has to reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <code>{code}</code>
      </pre>
      <CopyButton className="m-1.5" value={code} />
    </div>
  )
}
