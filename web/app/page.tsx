import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { text } from '../text.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { Icon } from '../ui/icon.tsx'
import { useFrame } from './frame-context.ts'
import { JobsTray } from './jobs-tray.tsx'

type Crumb = { label: string; to?: string }

/** The part of the frame that follows the page: title of the window, breadcrumb, jobs, help; then the page itself. */
export function Page({
  title,
  here = title,
  crumbs = [],
  children,
  bare = false,
}: {
  /** Equals the one h1 on the page. */
  title: string
  /** The last word of the breadcrumb when it is not the title. */
  here?: string
  crumbs?: Crumb[]
  children: ReactNode
  /** True when the page brings its own columns and gutters. */
  bare?: boolean
}) {
  const { openShortcuts } = useFrame()
  useEffect(() => {
    document.title = `${title} · ${text.product}`
  }, [title])
  const parent = crumbs.findLast((crumb) => crumb.to !== undefined)
  return (
    <>
      <header
        className={cx(
          'sticky top-0 z-20 h-(--top) shrink-0 items-center gap-3 border-b border-line bg-canvas px-4 md:flex md:px-6',
          parent === undefined ? 'hidden' : 'flex',
        )}
      >
        {parent?.to !== undefined && (
          <Link
            aria-label={text.nav.backTo(parent.label)}
            className="tap grid place-items-center md:hidden"
            to={parent.to}
          >
            <Icon name="arrow-left" size={18} />
          </Link>
        )}
        <nav aria-label={text.nav.breadcrumb} className="min-w-0">
          <ol className="flex min-w-0 items-center gap-2">
            {crumbs.map((crumb) => (
              <li className="hidden shrink-0 items-center gap-2 text-fg-3 md:flex" key={crumb.label}>
                {crumb.to === undefined ? (
                  crumb.label
                ) : (
                  <Link className="rounded-tag hover:text-fg" to={crumb.to}>
                    {crumb.label}
                  </Link>
                )}
                <span aria-hidden="true">/</span>
              </li>
            ))}
            <li aria-current="page" className="truncate font-medium">
              {here}
            </li>
          </ol>
        </nav>
        <div className="ml-auto flex items-center gap-1">
          <JobsTray />
          <IconButton className="max-md:hidden" icon="help" label={text.shortcuts.title} onClick={openShortcuts} />
        </div>
      </header>
      <main className={cx('min-w-0 grow', !bare && 'px-4 py-4 md:px-6 md:py-5')} id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

/** Title row of a page: the h1, what counts it, and its actions. */
export function PageHead({ title, note, children }: { title: string; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="mb-4 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
      <h1 className="text-xl font-semibold">{title}</h1>
      {note !== undefined && <span className="text-fg-3">{note}</span>}
      {children !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  )
}
