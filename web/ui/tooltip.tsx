import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** Shown on hover and on focus; the trigger must be focusable. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  return (
    <Radix.Provider>
      <Radix.Root delayDuration={250}>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            className="appear z-60 max-w-72 rounded-control border border-line-2 bg-raised px-2.5 py-1.5 text-xs text-fg-2 shadow-float"
            collisionPadding={8}
            sideOffset={6}
          >
            {content}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  )
}
