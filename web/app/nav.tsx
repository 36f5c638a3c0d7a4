import { Link } from '@tanstack/react-router'
import { count } from '../format.ts'
import { text } from '../text.ts'
import { BrandMark, Icon } from '../ui/icon.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { AccountMenu } from './account-menu.tsx'
import { useFrame } from './frame-context.ts'
import { governanceItems, type NavItem, settingsItem, workItems } from './nav-items.ts'
import { useCan } from './session.ts'
import { useNavCounts } from './use-nav-counts.ts'

/** 216 px with words, 56 px icons at 1024; what a role cannot open is absent. */
export function Nav() {
  const { openPalette } = useFrame()
  const can = useCan()
  const counts = useNavCounts()
  const list = (items: NavItem[], label: string) => (
    <ul aria-label={label} className="grid gap-0.5">
      {items
        .filter((item) => can(item.permission))
        .map((item) => (
          <li key={item.to}>
            <NavLink counts={counts} item={item} />
          </li>
        ))}
    </ul>
  )
  return (
    <nav
      aria-label={text.nav.label}
      className="sticky top-0 hidden h-dvh flex-col gap-2 overflow-y-auto border-r border-line px-2 py-2.5 md:flex"
    >
      <Link
        aria-label={text.nav.home}
        className="flex h-8 items-center gap-2.5 rounded-control px-1.5 font-semibold max-lg:justify-center"
        to="/models"
      >
        <BrandMark />
        <span className="max-lg:sr-only">{text.product}</span>
      </Link>
      <button
        className="flex h-8 shrink-0 items-center gap-2 rounded-control border border-line-2 bg-surface px-2 text-fg-3 shadow-low hover:bg-hover max-lg:justify-center"
        onClick={openPalette}
        title={text.nav.search}
        type="button"
      >
        <Icon name="search" />
        <span className="grow text-left max-lg:sr-only">{text.nav.search}</span>
        <span aria-hidden="true" className="max-lg:hidden">
          <Kbd>{text.nav.paletteKey}</Kbd>
        </span>
      </button>
      {list(workItems, text.nav.work)}
      <h2 className="mt-3 px-2 text-xs text-fg-3 max-lg:sr-only">{text.nav.governance}</h2>
      {list(governanceItems, text.nav.governance)}
      <div className="mt-auto grid gap-2 pt-4">
        {can(settingsItem.permission) && <NavLink counts={{}} item={settingsItem} />}
        <div className="border-t border-line pt-2">
          <AccountMenu />
        </div>
      </div>
    </nav>
  )
}

function NavLink({ item, counts }: { item: NavItem; counts: Record<string, { value: number; active: boolean }> }) {
  const number = counts[item.to]
  return (
    <Link
      activeProps={{ className: 'bg-surface text-fg font-medium border-line-2! shadow-low', 'aria-current': 'page' }}
      className="flex h-8 items-center gap-3 rounded-control border border-transparent px-2 text-fg-2 hover:bg-hover hover:text-fg max-lg:justify-center max-lg:px-0 pointer-coarse:h-11"
      title={item.label}
      to={item.to}
    >
      <Icon name={item.icon} />
      <span className="grow max-lg:sr-only">{item.label}</span>
      {number !== undefined && number.value > 0 && (
        <span
          className={
            number.active
              ? 'grid h-5 min-w-5 place-items-center rounded-full bg-accent-soft px-1.5 text-2xs font-medium text-accent-fg max-lg:hidden'
              : 'text-2xs text-fg-3 max-lg:hidden'
          }
        >
          {count(number.value)}
        </span>
      )}
    </Link>
  )
}
