import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { text } from '../text.ts'
import { IconButton } from './button.tsx'
import { cx } from './cx.ts'

/** A modal window: traps the focus while open and gives it back. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  footer,
  wide = false,
}: {
  open: boolean
  onClose: () => void
  title: string
  description?: ReactNode
  children?: ReactNode
  footer?: ReactNode
  wide?: boolean
}) {
  return (
    <Radix.Root onOpenChange={(next) => !next && onClose()} open={open}>
      <Radix.Portal>
        <Radix.Overlay className="appear fixed inset-0 z-40 bg-[rgb(10_12_16/0.45)]" />
        <Radix.Content
          className={cx(
            'appear fixed inset-x-4 top-[12vh] z-50 mx-auto flex max-h-[76vh] flex-col rounded-dialog border border-line-2 bg-raised shadow-dialog',
            wide ? 'max-w-2xl' : 'max-w-md',
          )}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <div className="flex items-start gap-3 px-5 pt-4">
            <Radix.Title className="grow pt-1 text-lg font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon="x" label={text.common.close} />
            </Radix.Close>
          </div>
          {description !== undefined && (
            <Radix.Description asChild>
              <div className="px-5 pt-1 text-fg-2">{description}</div>
            </Radix.Description>
          )}
          <div className="min-h-0 overflow-y-auto px-5 py-4">{children}</div>
          {footer !== undefined && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
