import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { text } from '../text.ts'
import { cx } from '../ui/cx.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { AccountMenu } from './account-menu.tsx'
import { allItems } from './nav-items.ts'
import { useCan } from './session.ts'
import { useOpenJobs } from './use-jobs.ts'

const tabs: { to: string; label: string; icon: IconName; permission: string }[] = [
  { to: '/models', label: text.nav.catalog, icon: 'grid', permission: 'model.read' },
  { to: '/playground', label: text.nav.playground, icon: 'playground', permission: 'key.read' },
  { to: '/approvals', label: text.nav.approvals, icon: 'stamp', permission: 'model.read' },
  { to: '/onboarding', label: text.nav.jobs, icon: 'jobs', permission: 'job.read' },
]

const cell = 'relative grid h-full justify-items-center content-center gap-1 text-2xs text-fg-2'

/** The navigation of a phone: four places and the rest. */
export function BottomTabs() {
  const [more, setMore] = useState(false)
  const can = useCan()
  const running = useOpenJobs().data?.length ?? 0
  const shown = tabs.filter((tab) => can(tab.permission))
  return (
    <>
      <nav
        aria-label={text.nav.label}
        className="fixed inset-x-0 bottom-0 z-30 flex h-16 border-t border-line bg-canvas pb-[env(safe-area-inset-bottom)] md:hidden"
      >
        {shown.map((tab) => (
          <Link
            activeProps={{ className: 'text-fg! font-medium', 'aria-current': 'page' }}
            className={cx(cell, 'grow basis-0')}
            key={tab.to}
            to={tab.to}
          >
            <Icon name={tab.icon} size={20} />
            {tab.label}
            {tab.to === '/onboarding' && running > 0 && (
              <span className="absolute top-2 left-1/2 ml-1.5 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 text-2xs font-medium text-on-accent">
                {running}
                <span className="sr-only">{text.jobs.running}</span>
              </span>
            )}
          </Link>
        ))}
        <button className={cx(cell, 'grow basis-0')} onClick={() => setMore(true)} type="button">
          <Icon name="menu" size={20} />
          {text.nav.more}
        </button>
      </nav>
      <Sheet onClose={() => setMore(false)} open={more} title={text.nav.more}>
        <ul className="grid gap-1">
          {allItems
            .filter((item) => can(item.permission) && !tabs.some((tab) => tab.to === item.to))
            .map((item) => (
              <li key={item.to}>
                <Link
                  className="flex h-11 items-center gap-3 rounded-control px-2 hover:bg-hover"
                  onClick={() => setMore(false)}
                  to={item.to}
                >
                  <Icon name={item.icon} size={18} />
                  {item.label}
                </Link>
              </li>
            ))}
        </ul>
        <div className="mt-2 border-t border-line pt-2">
          <AccountMenu />
        </div>
      </Sheet>
    </>
  )
}
