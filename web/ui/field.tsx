import { type ComponentProps, type ReactNode, useId } from 'react'
import { cx } from './cx.ts'
import { Icon } from './icon.tsx'

const box =
  'w-full rounded-control border bg-surface px-2.5 text-sm text-fg aria-invalid:border-fail-fg border-line-input focus-visible:outline-offset-0'

const inputClass = cx(box, 'h-(--control)')
const textareaClass = cx(box, 'py-2 leading-5')

type Wired = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }

/** Label, hint before the field, and the error linked to it. */
export function Field({
  label,
  hint,
  error,
  optional,
  children,
}: {
  label: string
  hint?: ReactNode
  error?: string | undefined
  optional?: string
  children: (wired: Wired) => ReactNode
}) {
  const id = useId()
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(Boolean)
  return (
    <div className="grid gap-1">
      <label className="text-sm font-medium" htmlFor={id}>
        {label}
        {optional !== undefined && <span className="ml-1.5 font-normal text-fg-3">{optional}</span>}
      </label>
      {hint !== undefined && (
        <div className="text-xs text-fg-3" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {children({
        id,
        ...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') }),
        ...(error === undefined ? {} : { 'aria-invalid': true as const }),
      })}
      {error !== undefined && (
        <p className="flex items-center gap-1.5 text-xs text-fail-fg" id={`${id}-error`}>
          <Icon name="octagon" size={13} />
          {error}
        </p>
      )}
    </div>
  )
}

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input {...rest} className={cx(inputClass, className)} />
)

export const Textarea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea {...rest} className={cx(textareaClass, className)} />
)

export const Select = ({ className, ...rest }: ComponentProps<'select'>) => (
  <select {...rest} className={cx(inputClass, 'pr-7', className)} />
)

/** A native checkbox with its words and, at the right, its count. */
export function CheckRow({
  label,
  note,
  count,
  ...rest
}: Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; note?: ReactNode; count?: string | undefined }) {
  return (
    <label className="tap flex min-h-6 items-start gap-2.5 rounded-tag py-0.5">
      <input {...rest} className="check mt-0.5 shrink-0" type="checkbox" />
      <span className="min-w-0 grow">
        {label}
        {note !== undefined && <span className="block text-xs text-fg-3">{note}</span>}
      </span>
      {count !== undefined && <span className="text-xs text-fg-3">{count}</span>}
    </label>
  )
}
