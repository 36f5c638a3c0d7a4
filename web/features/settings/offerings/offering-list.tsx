import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { useRowKeys } from '../../../app/use-row-keys.ts'
import { useWide } from '../../../app/use-wide.ts'
import { useWindowRows, type WindowRows } from '../../../app/use-window-rows.ts'
import { text } from '../../../text.ts'
import { StatusText, Tag } from '../../../ui/chip.tsx'
import { cx } from '../../../ui/cx.ts'
import { Icon } from '../../../ui/icon.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { offeringWords as words } from '../words.ts'
import { ContextValue, Modalities, PriceValue, TextValue } from './offering-cells.tsx'
import { type Offering, offeringStatus } from './offering-facts.ts'

type Props = {
  items: Offering[]
  total: number | undefined
  chosen: string | undefined
  /** True while a panel takes room beside the list. */
  aside: boolean
  hasMore: boolean
  busy: boolean
  onMore: () => void
  onOpen: (id: string) => void
}

/** Thousands of rows of which only those in the window are drawn; the next page comes before the end is reached. */
export function OfferingList(props: Props) {
  const { items, total, hasMore, busy, onMore, onOpen } = props
  const wide = useWide()
  const rows = useWindowRows(items.length, wide ? 44 : 80)
  const keys = useRowKeys(
    items.length,
    (index) => {
      const offering = items[index]
      if (offering !== undefined) onOpen(offering.id)
    },
    rows.reveal,
  )
  useShortcuts(keys.keys)
  const near = rows.to >= items.length - 60
  useEffect(() => {
    if (near && hasMore && !busy) onMore()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- asks once each time the end comes near
  }, [near, hasMore, busy])
  const View = wide ? Rows : Cards
  return (
    <div className="grid grid-cols-1 gap-3">
      <View {...props} active={keys.active} rows={rows} />
      <ShowMore busy={busy} hasMore={hasMore} onMore={onMore} shown={items.length} total={total} />
    </div>
  )
}

type ViewProps = Props & { active: number; rows: WindowRows }

function Rows({ items, total, chosen, aside, active, rows }: ViewProps) {
  const { attach, from, to, above, below } = rows
  const { columns } = words
  const whenAlone = (otherwise: string) => (aside ? 'hidden' : otherwise)
  return (
    <Table caption={words.caption} rowCount={(total ?? items.length) + 1}>
      <thead>
        <tr aria-rowindex={1}>
          <Th>{columns.model}</Th>
          <Th numeric>{columns.in}</Th>
          <Th numeric>{columns.out}</Th>
          <Th numeric>{columns.context}</Th>
          <Th className={whenAlone('max-lg:hidden')}>{columns.modalities}</Th>
          <Th className={whenAlone('max-xl:hidden')}>{columns.regions}</Th>
          <Th className={whenAlone('max-xl:hidden')}>{columns.retention}</Th>
          <Th>{columns.status}</Th>
        </tr>
      </thead>
      <tbody ref={attach}>
        {above > 0 && <Gap height={above} />}
        {items.slice(from, to).map((offering, offset) => {
          const index = from + offset
          return (
            <Tr
              aria-rowindex={index + 2}
              className="relative"
              data-row
              key={offering.id}
              selected={offering.id === chosen || index === active}
            >
              <Td className="max-w-80 min-w-48">
                <Identity offering={offering} />
              </Td>
              <Td numeric>
                <PriceValue field="inputPrice" offering={offering} />
              </Td>
              <Td numeric>
                <PriceValue field="outputPrice" offering={offering} />
              </Td>
              <Td numeric>
                <ContextValue offering={offering} />
              </Td>
              <Td className={whenAlone('max-w-44 whitespace-nowrap max-lg:hidden')}>
                <Modalities offering={offering} />
              </Td>
              <Td className={whenAlone('max-w-32 whitespace-nowrap max-xl:hidden')}>
                <TextValue field="regions" offering={offering} />
              </Td>
              <Td className={whenAlone('max-w-36 whitespace-nowrap max-xl:hidden')}>
                <TextValue field="retention" offering={offering} />
              </Td>
              <Td className="whitespace-nowrap">
                <Standing offering={offering} />
              </Td>
            </Tr>
          )
        })}
        {below > 0 && <Gap height={below} />}
      </tbody>
    </Table>
  )
}

/** In the place of rows that are not drawn. */
const Gap = ({ height }: { height: number }) => (
  <tr aria-hidden="true">
    <td className="p-0" colSpan={8} style={{ height }}>
      <span className="sr-only">…</span>
    </td>
  </tr>
)

function Cards({ items, total, chosen, active, rows }: ViewProps) {
  const { attach, from, to, above, below } = rows
  return (
    <ul aria-label={words.caption} className="rounded-card border border-line bg-surface" ref={attach}>
      {above > 0 && <li aria-hidden="true" style={{ height: above }} />}
      {items.slice(from, to).map((offering, offset) => {
        const index = from + offset
        return (
          <li
            aria-posinset={index + 1}
            aria-setsize={total ?? items.length}
            className={cx(
              'relative h-20 border-b border-line px-4 py-2.5',
              offering.id === chosen || index === active ? 'bg-selected' : 'hover:bg-hover',
            )}
            data-row
            key={offering.id}
          >
            <Identity offering={offering} />
            <p className="mt-1.5 flex items-center justify-between gap-3 whitespace-nowrap">
              <span className="min-w-0 truncate text-fg-2">
                <PriceValue field="inputPrice" offering={offering} />
                <span aria-hidden="true"> → </span>
                <PriceValue field="outputPrice" offering={offering} />
                <span className="text-xs text-fg-3"> /1M</span>
              </span>
              <Standing offering={offering} short />
            </p>
          </li>
        )
      })}
      {below > 0 && <li aria-hidden="true" style={{ height: below }} />}
    </ul>
  )
}

function Identity({ offering }: { offering: Offering }) {
  return (
    <span className="block min-w-0">
      <Link
        className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        resetScroll={false}
        search={(now: Record<string, unknown>) => ({ ...now, show: offering.id })}
        title={`${offering.provider}/${offering.model}`}
        to="/settings/offerings"
      >
        {offering.name ?? offering.model}
      </Link>
      <span className="flex min-w-0 items-center gap-1.5 text-xs text-fg-3">
        <span className="truncate">
          {offering.name === null || offering.name === offering.model
            ? offering.providerTitle
            : `${offering.providerTitle} · ${offering.model}`}
        </span>
      </span>
    </span>
  )
}

function Standing({ offering, short = false }: { offering: Offering; short?: boolean }) {
  const ends = offering.deprecation?.date ?? null
  return (
    <span className="inline-flex items-center gap-2 align-middle">
      {offering.status === null && offering.deprecation === null ? (
        <span className="text-fg-3">{short ? words.statusUnknown : text.common.unknown}</span>
      ) : (
        <StatusText status={offeringStatus(offering)} />
      )}
      {ends !== null && !short && <span className="text-xs text-fg-3">{words.ends(ends)}</span>}
      {offering.unlisted && <Tag title={words.unlistedNote}>{words.unlisted}</Tag>}
      {offering.visible === false && !short && <Tag title={words.notVisibleNote}>{words.notVisible}</Tag>}
      {offering.disagreements.length > 0 && (
        <span className="inline-flex text-warn-fg" title={words.disagree(offering.disagreements.length)}>
          <Icon name="equal" size={14} />
          <span className="sr-only">{words.disagree(offering.disagreements.length)}</span>
        </span>
      )}
    </span>
  )
}
