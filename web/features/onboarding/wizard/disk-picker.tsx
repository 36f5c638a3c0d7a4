import { useState } from 'react'
import { bytes } from '../../../format.ts'
import { BusyLine } from '../../../ui/busy-line.tsx'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { Bone } from '../../../ui/skeleton.tsx'
import { type DiskListing, useDiskListing } from '../use-onboarding.ts'
import { wizard } from '../words.ts'

const icons: Record<DiskListing['entries'][number]['kind'], IconName> = {
  folder: 'folder',
  file: 'file',
  link: 'link',
  other: 'help',
}

/** Walks the allowed roots; a click on a file chooses it, a folder opens and can be chosen as a whole. */
export function DiskPicker({ path, onChoose }: { path: string; onChoose: (path: string) => void }) {
  const [opened, setFolder] = useState<string | null>()
  const roots = useDiskListing(null).data?.entries
  // One root only: opening it saves a click.
  const folder = opened === undefined && roots?.length === 1 ? (roots[0]?.path ?? null) : (opened ?? null)
  const listing = useDiskListing(folder)
  const data = listing.data
  return (
    <section aria-label={wizard.browse} className="overflow-hidden rounded-card border border-line bg-surface">
      <div className="flex min-h-10 items-center gap-2 border-b border-line px-3">
        {folder !== null && (
          <button
            aria-label={wizard.up}
            className="tap grid place-items-center rounded-control hover:bg-hover"
            onClick={() => setFolder(data?.parent ?? null)}
            title={wizard.up}
            type="button"
          >
            <Icon name="arrow-left" />
          </button>
        )}
        <code className="min-w-0 grow truncate text-xs text-fg-2" title={data?.path ?? undefined}>
          {data?.path ?? wizard.roots}
        </code>
        {data?.path != null && (
          <Button onClick={() => onChoose(data.path ?? '')} small>
            {wizard.take}
          </Button>
        )}
      </div>
      <BusyLine busy={listing.isPlaceholderData} />
      {listing.isError ? (
        <div className="p-3">
          <ProblemBox error={listing.error} onRetry={() => void listing.refetch()} />
        </div>
      ) : data === undefined ? (
        <div className="skeleton grid gap-4 p-4">
          <Bone className="w-48" />
          <Bone className="w-64" />
          <Bone className="w-40" />
        </div>
      ) : data.entries.length === 0 ? (
        <p className="p-4 text-fg-2">{data.path === null ? wizard.noRoots : wizard.emptyFolder}</p>
      ) : (
        <ul className="max-h-64 overflow-y-auto py-1">
          {data.entries.map((entry) => (
            <li key={entry.path}>
              <button
                aria-pressed={entry.path === path}
                className={cx(
                  'flex min-h-8 w-full items-center gap-2.5 px-3 text-left hover:bg-hover focus-visible:-outline-offset-2 pointer-coarse:min-h-11',
                  entry.path === path && 'bg-selected',
                )}
                onClick={() =>
                  entry.kind === 'folder' || data.path === null ? setFolder(entry.path) : onChoose(entry.path)
                }
                type="button"
              >
                <Icon className="text-fg-3" name={icons[entry.kind]} />
                <span className="min-w-0 grow truncate">{data.path === null ? entry.path : entry.name}</span>
                <span className="text-xs text-fg-3">
                  {entry.size !== null && entry.kind === 'file'
                    ? bytes(entry.size)
                    : entry.kind === 'link'
                      ? wizard.link
                      : ''}
                </span>
                {entry.kind === 'folder' && <Icon className="text-fg-3" name="chevron-right" size={14} />}
              </button>
            </li>
          ))}
          {data.truncated && <li className="px-3 py-2 text-xs text-fg-3">{wizard.truncated}</li>}
        </ul>
      )}
    </section>
  )
}
