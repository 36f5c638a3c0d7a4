import { useNavigate } from '@tanstack/react-router'
import { text } from '../text.ts'
import { Icon } from '../ui/icon.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { letters } from '../ui/monogram.tsx'
import { useFrame } from './frame-context.ts'
import { useSignOut, useViewer } from './session.ts'
import { setTheme, type ThemeChoice, useTheme } from './theme.ts'

export const themeOptions: { value: ThemeChoice; label: string; icon: 'sun' | 'moon' | 'monitor' }[] = [
  { value: 'light', label: text.theme.light, icon: 'sun' },
  { value: 'dark', label: text.theme.dark, icon: 'moon' },
  { value: 'system', label: text.theme.system, icon: 'monitor' },
]

/** Who is signed in, the theme, and the way out. */
export function AccountMenu() {
  const viewer = useViewer()
  const theme = useTheme()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const { openShortcuts } = useFrame()
  if (viewer === null) return null
  return (
    <Menu
      align="start"
      trigger={
        <button
          className="flex w-full items-center gap-2.5 rounded-control p-1.5 text-left hover:bg-hover max-lg:justify-center"
          type="button"
        >
          <span
            aria-hidden="true"
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-soft text-2xs font-semibold text-accent-fg"
          >
            {letters(viewer.name)}
          </span>
          <span className="min-w-0 grow max-lg:sr-only">
            <span className="sr-only">{text.account.menu}</span>
            <span className="block truncate font-medium">{viewer.name}</span>
            <span className="block truncate text-xs text-fg-3">{viewer.roles.map(text.account.role).join(', ')}</span>
          </span>
          <Icon className="text-fg-3 max-lg:hidden" name="chevron-down" size={14} />
        </button>
      }
    >
      <p className="px-2.5 py-1.5 text-xs text-fg-3">{viewer.email ?? viewer.name}</p>
      <MenuLine />
      <MenuChoice label={text.theme.label} onChange={setTheme} options={themeOptions} value={theme} />
      <MenuLine />
      <MenuItem icon="help" onSelect={openShortcuts}>
        {text.shortcuts.title}
      </MenuItem>
      <MenuItem icon="settings" onSelect={() => void navigate({ to: '/settings' })}>
        {text.nav.settings}
      </MenuItem>
      <MenuItem icon="logout" onSelect={() => void signOut()}>
        {text.account.signOut}
      </MenuItem>
    </Menu>
  )
}
