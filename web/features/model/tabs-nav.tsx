import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { type ModelTab, modelTabs } from '../../app/search.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { cx } from '../../ui/cx.ts'
import type { Model, Version } from './use-model.ts'

/** Tabs are places with an address, so they are links in a navigation. */
export function TabsNav({
  current,
  splat,
  model,
  version,
}: {
  current: ModelTab
  splat: string
  model: Model
  version: Version
}) {
  const counts: Partial<Record<ModelTab, number>> = { files: version.fileCount, versions: model.versionCount }
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    // Keeps the open tab in view on a phone without moving the page.
    const active = list.current?.querySelector<HTMLElement>('[aria-current]')
    if (list.current !== null && active != null) list.current.scrollLeft = active.offsetLeft - 16
  }, [current])
  return (
    <nav aria-label={text.model.tabsLabel} className="mt-3 border-b border-line">
      <ul className="flex gap-5 overflow-x-auto px-4 [scrollbar-width:none] md:px-6" ref={list}>
        {modelTabs.map((tab) => (
          <li key={tab}>
            <Link
              activeOptions={{ exact: true }}
              aria-current={tab === current ? 'page' : undefined}
              className={cx(
                'flex h-10 items-center gap-1.5 border-b-2 whitespace-nowrap focus-visible:-outline-offset-2',
                tab === current ? 'border-fg font-medium' : 'border-transparent text-fg-2 hover:text-fg',
              )}
              params={{ _splat: splat }}
              resetScroll={false}
              search={tab === 'overview' ? {} : { tab }}
              to="/models/$"
            >
              {text.model.tabs[tab]}
              {(counts[tab] ?? 0) > 0 && <span className="text-xs text-fg-3">{count(counts[tab] ?? 0)}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
