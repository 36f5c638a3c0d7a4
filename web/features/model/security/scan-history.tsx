import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { count, dayTime } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Card, CardHead } from '../../../ui/card.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { severityRank } from '../../../ui/severity.tsx'
import { SkeletonCard } from '../../../ui/skeleton.tsx'
import { verdictStatus } from '../../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { Time } from '../../../ui/time.tsx'
import type { Version } from '../use-model.ts'
import { ScanDiff } from './scan-diff.tsx'
import { type ScanSummary, useScans } from './use-security.ts'
import { historyWords as words } from './words.ts'

/** Every scan of the version, and what one says otherwise than another. */
export function ScanHistory({
  version,
  scan,
  other,
  shown,
  splat,
  onCompare,
}: {
  version: Version
  /** Id of the scan that the tab shows. */
  shown: string | null
  splat: string
  /** Id of the scan that is compared now. */
  scan: string | undefined
  other: string | undefined
  onCompare: (scan: string | undefined, other?: string) => void
}) {
  const scans = useScans(version)
  const items = scans.data?.pages.flatMap((page) => page.items) ?? []
  if (scans.isError) return <ProblemBox error={scans.error} onRetry={() => void scans.refetch()} />
  if (scans.isPending) return <SkeletonCard lines={2} />
  if (items.length === 0) return null
  return (
    <Card>
      <CardHead note={words.note} title={words.title} />
      <Table caption={words.caption} className="rounded-t-none border-x-0 border-b-0">
        <thead>
          <tr>
            <Th>{words.columns.at}</Th>
            <Th className="max-md:hidden">{words.columns.rules}</Th>
            <Th>{words.columns.verdict}</Th>
            <Th className="max-md:hidden">{words.columns.why}</Th>
            <Th className="max-md:hidden">{words.columns.findings}</Th>
            <Th numeric>
              <span className="sr-only">{words.columns.compare}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {items.map((item, index) => (
            <Fragment key={item.id}>
              <Line
                item={item}
                first={index === items.length - 1 && !scans.hasNextPage}
                newest={index === 0}
                shown={item.id === shown}
                splat={splat}
                onToggle={() => onCompare(item.id === scan ? undefined : item.id)}
                open={item.id === scan}
              />
              {item.id === scan && (
                <tr className="border-b border-line last:border-b-0">
                  <td className="bg-sunken p-4" colSpan={6}>
                    <ScanDiff
                      items={items}
                      onClose={() => onCompare(undefined)}
                      onOther={(id) => onCompare(item.id, id)}
                      other={other}
                      scan={item}
                      version={version}
                    />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </Table>
      {scans.hasNextPage && (
        <div className="px-4 py-3">
          <ShowMore
            busy={scans.isFetchingNextPage}
            hasMore
            onMore={() => void scans.fetchNextPage()}
            shown={items.length}
          />
        </div>
      )}
    </Card>
  )
}

function Line({
  item,
  first,
  newest,
  shown,
  splat,
  open,
  onToggle,
}: {
  item: ScanSummary
  /** There is none before it to compare with. */
  first: boolean
  newest: boolean
  /** The tab shows it. */
  shown: boolean
  splat: string
  open: boolean
  onToggle: () => void
}) {
  return (
    <Tr selected={shown && !newest}>
      <Td className="whitespace-nowrap">
        {shown ? (
          <Time at={item.at} full />
        ) : (
          <Link
            aria-label={words.open(dayTime(item.at))}
            className="tap relative rounded-tag text-accent-fg underline"
            params={{ _splat: splat }}
            search={{ tab: 'security', ...(newest ? {} : { at: item.id }) }}
            to="/models/$"
          >
            <Time at={item.at} full />
          </Link>
        )}
        {(newest || shown) && (
          <span className="block text-xs text-fg-3">
            {[newest ? words.newest : null, shown ? words.shown : null].filter((part) => part !== null).join(', ')}
          </span>
        )}
        <code className="block text-xs text-fg-3 md:hidden">{item.ruleset}</code>
      </Td>
      <Td className="max-md:hidden">
        <code className="text-xs whitespace-nowrap">{item.ruleset}</code>
        {item.confirmed !== null && item.confirmed.ruleset !== item.ruleset && (
          <span className="block text-xs text-fg-3">{words.confirmed(item.confirmed.ruleset)}</span>
        )}
      </Td>
      <Td className="md:whitespace-nowrap">
        <StatusText status={verdictStatus(item.verdict)} />
        <span className="block text-xs text-fg-3 md:hidden">
          {countsOf(item.counts)}
          <Files item={item} />
        </span>
      </Td>
      <Td className="text-fg-2 max-md:hidden">{words.triggers[item.trigger]}</Td>
      <Td className="text-fg-2 max-md:hidden">
        {countsOf(item.counts)}
        <Files item={item} />
      </Td>
      <Td numeric>
        {first && !open ? (
          <span className="text-xs text-fg-3">{words.firstScan}</span>
        ) : (
          <Button aria-expanded={open} look="quiet" onClick={onToggle} small>
            {words.compare}
            <span className="sr-only"> {words.ofScan(dayTime(item.at))}</span>
          </Button>
        )}
      </Td>
    </Tr>
  )
}

/** How much of the version was read, and why not all. */
function Files({ item }: { item: ScanSummary }) {
  const skipped = item.skipped.reduce((sum, { files }) => sum + files, 0)
  const read = words.filesOf(count(item.filesExamined), count(item.filesTotal))
  return (
    <span className="block text-xs text-fg-3" title={item.skipped.map(({ sentence }) => sentence).join(' ')}>
      {skipped === 0 ? read : `${read}, ${words.skipped(skipped)}`}
    </span>
  )
}

/** 1 critical, 2 high: worst first. */
function countsOf(counts: Record<string, number>): string {
  const parts = Object.keys(severityRank).flatMap((severity) => {
    const found = counts[severity] ?? 0
    return found === 0 ? [] : [`${found} ${text.severities[severity as keyof typeof severityRank].toLowerCase()}`]
  })
  return parts.length === 0 ? words.none : parts.join(', ')
}
