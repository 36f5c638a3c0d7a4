import { lazy, Suspense } from 'react'
import type { SheetProps } from './sheet-panel.tsx'

const SheetPanel = lazy(async () => ({ default: (await import('./sheet-panel.tsx')).SheetPanel }))

/** A panel from an edge, loaded when it is first opened: wide windows never need it. */
export function Sheet({ open, ...rest }: SheetProps & { open: boolean }) {
  return <Suspense fallback={null}>{open && <SheetPanel {...rest} />}</Suspense>
}
