import { Outlet, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { text } from '../text.ts'
import { BottomTabs } from './bottom-tabs.tsx'
import { FrameContext } from './frame-context.ts'
import { Nav } from './nav.tsx'
import { allItems } from './nav-items.ts'
import { useCan, useViewer } from './session.ts'
import { useShortcuts } from './shortcuts.ts'
import { Toasts } from './toasts.tsx'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const ShortcutsDialog = lazy(async () => ({ default: (await import('./shortcuts-dialog.tsx')).ShortcutsDialog }))

/** Navigation around every signed-in screen, and the windows that can open over any of them. */
export function Frame() {
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null)
  const can = useCan()
  const navigate = useNavigate()
  const signedOut = useViewer() === null
  useEffect(() => {
    if (signedOut) void navigate({ to: '/sign-in', search: { next: location.pathname + location.search } })
  }, [signedOut, navigate])
  useShortcuts({
    '?': () => setOpen('shortcuts'),
    ...Object.fromEntries(
      allItems
        .filter((item) => item.key !== undefined && can(item.permission))
        .map((item) => [`g ${item.key}`, () => void navigate({ to: item.to })]),
    ),
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setOpen((now) => (now === 'palette' ? null : 'palette'))
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  const close = () => setOpen(null)
  return (
    <FrameContext value={{ openPalette: () => setOpen('palette'), openShortcuts: () => setOpen('shortcuts') }}>
      <a
        className="sr-only z-60 rounded-control bg-ink px-3 py-2 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        href="#main"
      >
        {text.nav.skip}
      </a>
      <div className="md:grid md:min-h-dvh md:grid-cols-[var(--nav)_minmax(0,1fr)]">
        <Nav />
        <div className="flex min-w-0 flex-col pb-18 md:pb-0">
          <Outlet />
        </div>
      </div>
      <BottomTabs />
      <Toasts />
      <Suspense fallback={null}>
        {open === 'palette' && <Palette onClose={close} onShortcuts={() => setOpen('shortcuts')} />}
        {open === 'shortcuts' && <ShortcutsDialog onClose={close} />}
      </Suspense>
    </FrameContext>
  )
}
