import { text } from '../text.ts'
import type { IconName } from '../ui/icon.tsx'

export type NavItem = {
  to: string
  label: string
  icon: IconName
  /** Absent from the navigation without this permission. */
  permission: string
  /** The letter after `g`. */
  key?: string
}

export const workItems: NavItem[] = [
  { to: '/models', label: text.nav.catalog, icon: 'grid', permission: 'model.read', key: 'c' },
  { to: '/onboarding', label: text.nav.onboarding, icon: 'onboard', permission: 'job.read', key: 'o' },
  { to: '/benchmarks', label: text.nav.benchmarks, icon: 'gauge', permission: 'model.read', key: 'b' },
  { to: '/evaluations', label: text.nav.evaluations, icon: 'flask', permission: 'model.read', key: 'e' },
  { to: '/playground', label: text.nav.playground, icon: 'playground', permission: 'key.read', key: 'y' },
  { to: '/keys', label: text.nav.keys, icon: 'key', permission: 'key.read', key: 'k' },
]

export const governanceItems: NavItem[] = [
  { to: '/policies', label: text.nav.policies, icon: 'scale', permission: 'policy.read', key: 'p' },
  { to: '/approvals', label: text.nav.approvals, icon: 'stamp', permission: 'model.read', key: 'a' },
  { to: '/audit', label: text.nav.audit, icon: 'scroll', permission: 'audit.read', key: 'l' },
]

export const settingsItem: NavItem = {
  to: '/settings',
  label: text.nav.settings,
  icon: 'settings',
  permission: 'signed_in',
  key: 's',
}

export const allItems: NavItem[] = [...workItems, ...governanceItems, settingsItem]

/** Screens below Settings: the palette finds them too. */
export const settingsItems: NavItem[] = [
  { to: '/settings/credentials', label: text.nav.credentials, icon: 'key', permission: 'credential.read' },
  { to: '/settings/providers', label: text.nav.providers, icon: 'cloud', permission: 'model.read' },
  { to: '/settings/offerings', label: text.nav.offerings, icon: 'table', permission: 'model.read' },
  { to: '/settings/licenses', label: text.nav.licenses, icon: 'scale', permission: 'model.read' },
  { to: '/settings/known-licenses', label: text.nav.knownLicenses, icon: 'scroll', permission: 'model.read' },
  { to: '/settings/scanner', label: text.nav.scanner, icon: 'shield', permission: 'model.read' },
  { to: '/settings/signers', label: text.nav.signers, icon: 'shield', permission: 'policy.read' },
  { to: '/settings/tokens', label: text.nav.tokens, icon: 'lock', permission: 'token.write' },
]
