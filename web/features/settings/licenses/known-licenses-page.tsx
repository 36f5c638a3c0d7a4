import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { type KnownLicenseSearch, licenseClasses } from '../../../app/search.ts'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { stripWords } from '../../model/license/words.ts'
import { SettingsFrame } from '../settings-frame.tsx'
import { KnownFilters } from './known-filters.tsx'
import { type KnownLicense, useKnownLicenses } from './use-known-licenses.ts'
import { knownWords as words } from './words.ts'

const route = getRouteApi('/app/settings/known-licenses')

/** The licenses that are recognized here, with class, how much of the 22 questions is answered, and how many versions are under each. */
export function KnownLicensesPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const input = useRef<HTMLInputElement>(null)
  const known = useKnownLicenses({ q: search.q, class: licenseClasses.find((one) => one === search.class) })
  useShortcuts({ '/': () => input.current?.focus() })
  const items = known.data?.pages.flatMap((page) => page.items) ?? []
  const change = (next: { [Name in keyof KnownLicenseSearch]?: KnownLicenseSearch[Name] | undefined }) => {
    const merged = { ...search, ...next }
    void navigate({
      to: '/settings/known-licenses',
      search: {
        ...(merged.q === undefined ? {} : { q: merged.q }),
        ...(merged.class === undefined ? {} : { class: merged.class }),
      },
      replace: true,
      resetScroll: false,
    })
  }
  return (
    <SettingsFrame
      at="/settings/known-licenses"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.knownLicenses}
    >
      <KnownFilters busy={known.isFetching} inputRef={input} onChange={change} search={search} />
      {known.isError ? (
        <ProblemBox error={known.error} onRetry={() => void known.refetch()} />
      ) : known.isPending ? (
        <SkeletonRows rows={10} />
      ) : items.length === 0 ? (
        <Empty
          action={<Button onClick={() => change({ q: undefined, class: undefined })}>{words.clear}</Button>}
          title={words.noneFiltered}
        >
          {words.none}
        </Empty>
      ) : (
        <div className="grid grid-cols-1 gap-3">
          <List items={items} />
          <ShowMore
            busy={known.isFetchingNextPage}
            hasMore={known.hasNextPage}
            onMore={() => void known.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </SettingsFrame>
  )
}

function List({ items }: { items: readonly KnownLicense[] }) {
  return (
    <Table caption={words.caption}>
      <thead>
        <tr>
          <Th>{words.columns.license}</Th>
          <Th>{words.columns.class}</Th>
          <Th className="max-lg:hidden">{words.columns.family}</Th>
          <Th className="max-md:hidden">{words.columns.recognized}</Th>
          <Th className="max-md:hidden" numeric>
            {words.columns.answered}
          </Th>
          <Th numeric>{words.columns.versions}</Th>
        </tr>
      </thead>
      <tbody>
        {items.map((license) => (
          <Tr key={license.id}>
            <Td className="max-w-96 min-w-40">
              <span className="block font-medium break-words">{license.title}</span>
              <code className="block text-xs break-all text-fg-3">{license.id}</code>
            </Td>
            <Td className="text-fg-2">{stripWords.classes[license.class]}</Td>
            <Td className="text-fg-2 max-lg:hidden">{license.family}</Td>
            <Td className="text-fg-2 max-md:hidden">{words.recognized[license.recognized]}</Td>
            <Td className="text-fg-2 max-md:hidden" numeric>
              {license.answered === 0 ? (
                <span className="text-fg-3">{words.unread}</span>
              ) : (
                words.answered(license.answered)
              )}
            </Td>
            <Td numeric>
              <span className={license.versions === 0 ? 'text-fg-3' : undefined}>{count(license.versions)}</span>
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  )
}
