import { useEffect, useState } from 'react'
import { text } from '../text.ts'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'

/** Copies a value and says so for two seconds, to eyes and to screen readers. */
export function CopyButton({
  value,
  label,
  small = false,
  className,
}: {
  value: string
  label?: string
  small?: boolean
  className?: string
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [copied])
  const name = label ?? text.common.copy
  return (
    <>
      <button
        aria-label={name}
        className={cx(
          'tap inline-grid shrink-0 place-items-center rounded-control text-fg-2 hover:bg-hover hover:text-fg',
          small ? 'size-6' : 'size-8 border border-line-2 bg-surface',
          className,
        )}
        onClick={() => {
          copyText(value).then(
            () => setCopied(true),
            () => undefined,
          )
        }}
        title={copied ? text.common.copied : name}
        type="button"
      >
        <Icon className={cx(copied && 'text-pass-fg')} name={copied ? 'check' : 'copy'} size={small ? 13 : 15} />
      </button>
      <span aria-live="polite" className="sr-only">
        {copied ? text.common.copied : ''}
      </span>
    </>
  )
}

/** The clipboard of the page, or the selection of an invisible field where the page is not served securely. */
async function copyText(value: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(value)
  const field = document.createElement('textarea')
  field.value = value
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}
