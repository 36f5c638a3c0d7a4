import { Link, type LinkProps } from '@tanstack/react-router'
import { Slot } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cx } from './cx.ts'
import { Icon, type IconName } from './icon.tsx'

type ButtonLook = 'ink' | 'outline' | 'quiet' | 'danger' | 'danger-ink'

const looks: Record<ButtonLook, string> = {
  ink: 'bg-ink text-on-ink hover:opacity-90',
  outline: 'border border-line-2 bg-surface text-fg shadow-low hover:bg-hover',
  quiet: 'text-fg-2 hover:bg-hover hover:text-fg',
  danger: 'border border-fail-line bg-surface text-fail-fg hover:bg-fail-soft',
  'danger-ink': 'bg-danger text-on-danger hover:opacity-90',
}

const shape = (look: ButtonLook, small: boolean) =>
  cx(
    'inline-flex shrink-0 items-center justify-center gap-2 rounded-control font-medium whitespace-nowrap transition-[background-color,opacity] duration-[var(--t-1)]',
    small ? 'h-7 px-2.5 text-xs' : 'h-(--control) px-3 text-sm',
    'aria-disabled:cursor-not-allowed aria-disabled:border aria-disabled:border-line-2 aria-disabled:bg-sunken aria-disabled:text-fg-3 aria-disabled:shadow-none aria-disabled:hover:opacity-100',
    looks[look],
  )

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  look?: ButtonLook
  icon?: IconName
  small?: boolean
  busy?: boolean
  /** Why it cannot be used now; the button stays focusable so that the reason can be read. */
  reason?: string | null | undefined
  asChild?: boolean
}

/** Never `disabled`: a button that cannot act stays reachable and says why. */
export function Button({
  look = 'outline',
  icon,
  small = false,
  busy = false,
  reason,
  asChild = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const blocked = busy || (reason !== undefined && reason !== null)
  if (asChild) {
    return (
      <Slot.Root className={cx(shape(look, small), className)} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button
      {...rest}
      aria-busy={busy || undefined}
      aria-disabled={blocked || undefined}
      className={cx(shape(look, small), className)}
      onClick={blocked ? (event) => event.preventDefault() : onClick}
      title={reason ?? rest.title}
      type={type}
    >
      {busy ? (
        <Icon className="turning" name="loader" size={small ? 14 : 16} />
      ) : (
        icon !== undefined && <Icon name={icon} size={small ? 14 : 16} />
      )}
      {children}
      {reason !== undefined && reason !== null && <span className="sr-only">. {reason}</span>}
    </button>
  )
}

/** A square button of one icon; its label is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  className,
  size = 16,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & { icon: IconName; label: string; size?: number }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      className={cx(
        'tap inline-grid size-8 shrink-0 place-items-center rounded-control text-fg-2 hover:bg-hover hover:text-fg',
        className,
      )}
      title={rest.title ?? label}
    >
      <Icon name={icon} size={size} />
    </button>
  )
}

type ButtonLinkProps = LinkProps & {
  look?: ButtonLook
  icon?: IconName
  small?: boolean
  className?: string
  children?: ReactNode
}

/** A link that looks like a button: it goes somewhere. */
export function ButtonLink({ look = 'outline', icon, small = false, className, children, ...link }: ButtonLinkProps) {
  return (
    <Link {...link} className={cx(shape(look, small), className)}>
      {icon !== undefined && <Icon name={icon} size={small ? 14 : 16} />}
      {children}
    </Link>
  )
}

/** Words that act inside running text. */
export function TextButton({ className, ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...rest}
      className={cx('rounded-tag font-medium text-accent-fg underline-offset-2 hover:underline', className)}
    />
  )
}
