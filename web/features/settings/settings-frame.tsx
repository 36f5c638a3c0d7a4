import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { Page, PageHead } from '../../app/page.tsx'
import { useCan } from '../../app/session.ts'
import { text } from '../../text.ts'
import { cx } from '../../ui/cx.ts'
import { sections } from './words.ts'

const places = [
  { to: '/settings', label: sections.general, permission: 'signed_in' },
  { to: '/settings/credentials', label: text.nav.credentials, permission: 'credential.read' },
  { to: '/settings/providers', label: text.nav.providers, permission: 'model.read' },
  { to: '/settings/offerings', label: text.nav.offerings, permission: 'model.read' },
  { to: '/settings/licenses', label: text.nav.licenses, permission: 'model.read' },
  { to: '/settings/known-licenses', label: text.nav.knownLicenses, permission: 'model.read' },
  { to: '/settings/scanner', label: text.nav.scanner, permission: 'model.read' },
  { to: '/settings/signers', label: text.nav.signers, permission: 'policy.read' },
  { to: '/settings/tokens', label: text.nav.tokens, permission: 'token.write' },
] as const

type Place = (typeof places)[number]['to']

/** What all settings screens share: the title, the sections this role may open, and the place of the content. */
export function SettingsFrame({
  at,
  title,
  note,
  actions,
  children,
}: {
  at: Place
  title: string
  note?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  const can = useCan()
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    // Keeps the open section in view on a phone without moving the page.
    const active = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (list.current !== null && active != null) list.current.scrollLeft = active.offsetLeft - 16
  }, [at])
  return (
    <Page
      bare
      {...(at === '/settings' ? {} : { crumbs: [{ label: text.settings.title, to: '/settings' }] })}
      title={title}
    >
      <div className="px-4 pt-4 md:px-6 md:pt-5 [&>div]:mb-0">
        <PageHead note={note} title={title}>
          {actions}
        </PageHead>
      </div>
      <nav aria-label={sections.label} className="mt-1 border-b border-line">
        <ul className="flex gap-5 overflow-x-auto px-4 [scrollbar-width:none] md:px-6" ref={list}>
          {places
            .filter((place) => can(place.permission))
            .map((place) => (
              <li key={place.to}>
                <Link
                  activeOptions={{ exact: true }}
                  aria-current={place.to === at ? 'page' : undefined}
                  className={cx(
                    'flex h-10 items-center border-b-2 whitespace-nowrap focus-visible:-outline-offset-2',
                    place.to === at ? 'border-fg font-medium' : 'border-transparent text-fg-2 hover:text-fg',
                  )}
                  to={place.to}
                >
                  {place.label}
                </Link>
              </li>
            ))}
        </ul>
      </nav>
      <div className="px-4 py-4 md:px-6">{children}</div>
    </Page>
  )
}
