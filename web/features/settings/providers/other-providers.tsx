import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { count } from '../../../format.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { providerWords as words } from '../words.ts'
import { useOtherProviders } from './use-catalog-data.ts'

/** Providers of the catalog without a definition here; asked for when somebody wants to see them. */
export function OtherProviders() {
  const [open, setOpen] = useState(false)
  const others = useOtherProviders(open)
  const items = others.data?.pages.flatMap((page) => page.items) ?? []
  const { columns } = words
  return (
    <section>
      <h2>
        <button
          aria-expanded={open}
          className="tap flex items-center gap-1.5 rounded-tag text-md font-semibold hover:text-fg-2"
          onClick={() => setOpen(!open)}
          type="button"
        >
          <Icon name={open ? 'chevron-down' : 'chevron-right'} />
          {words.othersTitle}
        </button>
      </h2>
      <p className="mt-1 max-w-[72ch] text-fg-2">{words.othersNote}</p>
      {open && (
        <div className="mt-3 grid grid-cols-1 gap-3">
          {others.isError ? (
            <ProblemBox error={others.error} onRetry={() => void others.refetch()} />
          ) : others.isPending ? (
            <SkeletonRows rows={6} />
          ) : (
            <>
              <Table caption={words.othersCaption}>
                <thead>
                  <tr>
                    <Th>{columns.provider}</Th>
                    <Th className="max-md:hidden">{columns.address}</Th>
                    <Th numeric>{columns.offerings}</Th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((provider) => (
                    <Tr key={provider.kind}>
                      <Td className="max-w-64">
                        <span className="block truncate font-medium">{provider.title}</span>
                        <code className="block truncate text-2xs text-fg-3">{provider.kind}</code>
                      </Td>
                      <Td className="max-w-80 max-md:hidden">
                        <code className="block truncate text-xs text-fg-2" title={provider.api ?? undefined}>
                          {provider.api ?? '–'}
                        </code>
                      </Td>
                      <Td numeric>
                        <Link
                          className="inline-flex h-6 items-center rounded-tag align-middle text-accent-fg hover:underline"
                          search={{ provider: provider.kind }}
                          to="/settings/offerings"
                        >
                          {count(provider.offerings)}
                          <span className="sr-only"> {words.offeringsBy(provider.title)}</span>
                        </Link>
                      </Td>
                    </Tr>
                  ))}
                </tbody>
              </Table>
              <ShowMore
                busy={others.isFetchingNextPage}
                hasMore={others.hasNextPage}
                onMore={() => void others.fetchNextPage()}
                shown={items.length}
              />
            </>
          )}
        </div>
      )}
    </section>
  )
}
