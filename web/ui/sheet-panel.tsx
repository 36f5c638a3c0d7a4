import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { text } from '../text.ts'
import { IconButton } from './button.tsx'

export type SheetProps = { onClose: () => void; title: string; children: ReactNode; footer?: ReactNode }

/** A panel from an edge: navigation and filters where there is no room beside the content. */
export function SheetPanel({ onClose, title, children, footer }: SheetProps) {
  return (
    <Radix.Root onOpenChange={(next) => !next && onClose()} open>
      <Radix.Portal>
        <Radix.Overlay className="appear fixed inset-0 z-40 bg-[rgb(10_12_16/0.45)]" />
        <Radix.Content
          aria-describedby={undefined}
          className="appear fixed inset-x-0 bottom-0 z-50 flex max-h-[85vh] flex-col rounded-t-dialog border border-line-2 bg-raised shadow-dialog lg:inset-x-auto lg:inset-y-0 lg:left-0 lg:max-h-none lg:w-80 lg:rounded-none"
        >
          <div className="flex items-center gap-3 px-4 pt-3">
            <Radix.Title className="grow text-lg font-semibold">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon="x" label={text.common.close} />
            </Radix.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-4 py-3">{children}</div>
          {footer !== undefined && <div className="border-t border-line px-4 py-3">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
