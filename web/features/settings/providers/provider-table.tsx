import { Link } from '@tanstack/react-router'
import type { Provider } from '../../../app/use-providers.ts'
import { count } from '../../../format.ts'
import { Tag } from '../../../ui/chip.tsx'
import { Monogram } from '../../../ui/monogram.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import { needsOf } from '../credentials/choose-provider-dialog.tsx'
import { providerWords as words } from '../words.ts'

/** A table on wide windows, cards on a phone. */
export function ProviderTable({
  items,
  chosen,
  active,
}: {
  items: Provider[]
  /** Kind of the one that is open. */
  chosen: string | undefined
  active: number
}) {
  const { columns } = words
  const aside = chosen !== undefined
  return (
    <>
      <Table caption={words.caption} className="max-md:hidden">
        <thead>
          <tr>
            <Th>{columns.provider}</Th>
            <Th className={aside ? 'hidden' : 'max-lg:hidden'}>{columns.needs}</Th>
            <Th className={aside ? 'hidden' : 'max-xl:hidden'}>{columns.speaks}</Th>
            <Th numeric>{columns.offerings}</Th>
            <Th numeric>{columns.credentials}</Th>
            <Th numeric>{columns.sync}</Th>
          </tr>
        </thead>
        <tbody>
          {items.map((provider, index) => (
            <Tr
              className="relative"
              data-row
              key={provider.kind}
              selected={provider.kind === chosen || index === active}
            >
              <Td className="max-w-72 min-w-44">
                <span className="flex items-center gap-3">
                  <Monogram name={provider.title} />
                  <Identity provider={provider} />
                </span>
              </Td>
              <Td className={aside ? 'hidden' : 'max-w-80 max-lg:hidden'}>
                <span className="block truncate text-fg-2" title={needsOf(provider)}>
                  {needsOf(provider)}
                </span>
              </Td>
              <Td className={aside ? 'hidden' : 'max-xl:hidden'}>
                <Speaks provider={provider} />
              </Td>
              <Td className={provider.offerings === 0 ? 'text-fg-3' : undefined} numeric>
                {provider.sells ? count(provider.offerings) : '–'}
              </Td>
              <Td className={provider.credentials === 0 ? 'text-fg-3' : undefined} numeric>
                {provider.credentials === 0 ? words.noneStored : count(provider.credentials)}
              </Td>
              <Td className="text-fg-2" numeric>
                <LastSync provider={provider} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <ul aria-label={words.caption} className="grid gap-2 md:hidden">
        {items.map((provider) => (
          <li className="relative rounded-card border border-line bg-surface p-4 hover:bg-hover" key={provider.kind}>
            <span className="flex items-center gap-3">
              <Monogram name={provider.title} />
              <Identity provider={provider} />
              <span className="ml-auto shrink-0">
                <Speaks provider={provider} />
              </span>
            </span>
            <p className="mt-2 break-words text-fg-2">{needsOf(provider)}</p>
            <p className="mt-1 flex flex-wrap gap-x-4 text-xs text-fg-3">
              {provider.sells && <span>{words.offeringsOf(provider.offerings)}</span>}
              <span>
                {columns.credentials}: {provider.credentials === 0 ? words.noneStored : count(provider.credentials)}
              </span>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

function Identity({ provider }: { provider: Provider }) {
  return (
    <span className="min-w-0">
      <Link
        className="block truncate font-medium after:absolute after:inset-0 after:rounded-[inherit] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        resetScroll={false}
        search={{ show: provider.kind }}
        title={provider.title}
        to="/settings/providers"
      >
        {provider.title}
      </Link>
      <code className="block truncate text-2xs text-fg-3">{provider.kind}</code>
    </span>
  )
}

function Speaks({ provider }: { provider: Provider }) {
  return (
    <Tag>{provider.dialect === null ? words.tokenOnly : (words.dialects[provider.dialect] ?? provider.dialect)}</Tag>
  )
}

function LastSync({ provider }: { provider: Provider }) {
  if (!provider.sells) return <span className="text-fg-3">–</span>
  if (provider.lastSync === null) return <span className="text-fg-3">{words.notSynced}</span>
  return <Time at={provider.lastSync.at} />
}
