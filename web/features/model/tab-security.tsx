import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useShortcuts } from '../../app/shortcuts.ts'
import { text } from '../../text.ts'
import { Banner } from '../../ui/banner.tsx'
import { cx } from '../../ui/cx.ts'
import { Empty } from '../../ui/empty.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SeverityChip, severityRank } from '../../ui/severity.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '../../ui/table.tsx'
import { type Finding, whereOf } from './finding.ts'
import { FindingPanel } from './finding-panel.tsx'
import { ScanBanner } from './scan-banner.tsx'
import type { Actions } from './use-actions.ts'
import { type Readiness, useScan, type Version } from './use-model.ts'
import { hostedWords } from './words.ts'

type Filter = 'all' | 'blocking' | 'open'
const route = getRouteApi('/app/models/$')
const words = text.model.security

/** Critical and high findings hold a version back while nobody has accepted them. */
const blocking = (finding: Finding) => finding.status === 'open' && severityRank[finding.severity] <= 1

export function TabSecurity({
  version,
  actions,
  readiness,
  splat,
}: {
  version: Version
  actions: Actions
  readiness: Readiness | undefined
  splat: string
}) {
  const scan = useScan(version)
  const { finding: chosen } = route.useSearch()
  const navigate = useNavigate()
  const [filter, setFilter] = useState<Filter>('all')
  const all = (scan.data?.findings ?? []).toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity])
  const of: Record<Filter, Finding[]> = {
    all,
    blocking: all.filter(blocking),
    open: all.filter((finding) => finding.status === 'open'),
  }
  const shown = of[filter]
  const selected = all.find((finding) => finding.id === chosen)
  const select = (id: string | undefined) =>
    void navigate({
      to: '/models/$',
      params: { _splat: splat },
      search: { tab: 'security', ...(id === undefined ? {} : { finding: id }) },
      replace: true,
      resetScroll: false,
    })
  const move = (step: number) => {
    const at = shown.findIndex((finding) => finding.id === chosen)
    const next = shown[Math.max(0, Math.min(shown.length - 1, at + step))]
    if (next !== undefined) select(next.id)
  }
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ...(selected === undefined ? {} : { Escape: () => select(undefined) }),
  })
  if (scan.isError) return <ProblemBox error={scan.error} onRetry={() => void scan.refetch()} />
  if (scan.data === undefined) return <SkeletonCard lines={5} />
  if (!scan.data.applicable) {
    return (
      <Banner icon="circle-dashed" title={hostedWords.scanTitle} tone="part">
        {hostedWords.scan}
      </Banner>
    )
  }
  if (scan.data.id === null) return <Empty title={words.notScanned}>{words.notScannedBody}</Empty>
  return (
    <div className={cx('grid items-start gap-4', selected !== undefined && 'xl:grid-cols-[minmax(0,1fr)_26rem]')}>
      <div className="grid min-w-0 gap-3">
        <ScanBanner scan={scan.data} />
        {all.length === 0 ? (
          <Empty title={words.noneTitle}>{words.none}</Empty>
        ) : (
          <>
            <div>
              <Segmented
                label={words.filterLabel}
                onChange={setFilter}
                options={(['all', 'blocking', 'open'] as const).map((value) => ({
                  value,
                  label: `${words.filters[value]} ${of[value].length}`,
                }))}
                value={filter}
              />
            </div>
            {shown.length === 0 ? (
              <Empty title={words.noneFiltered} />
            ) : (
              <Table caption={words.caption}>
                <thead>
                  <tr>
                    <Th>{words.columns.severity}</Th>
                    <Th>{words.columns.finding}</Th>
                    <Th className="max-md:hidden">{words.columns.where}</Th>
                    <Th>{words.columns.status}</Th>
                  </tr>
                </thead>
                <tbody>
                  {shown.map((finding) => (
                    <FindingRow
                      finding={finding}
                      key={finding.id}
                      onOpen={() => select(finding.id)}
                      open={finding.id === chosen}
                    />
                  ))}
                </tbody>
              </Table>
            )}
          </>
        )}
      </div>
      {selected !== undefined && (
        <FindingPanel actions={actions} finding={selected} onClose={() => select(undefined)} readiness={readiness} />
      )}
    </div>
  )
}

function FindingRow({ finding, open, onOpen }: { finding: Finding; open: boolean; onOpen: () => void }) {
  return (
    <Tr className="relative h-13" selected={open}>
      <Td>
        <SeverityChip severity={finding.severity} />
      </Td>
      <Td className="max-w-96">
        <button
          aria-expanded={open}
          className="block max-w-full text-left font-medium break-words after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          onClick={onOpen}
          type="button"
        >
          {finding.title}
        </button>
        <code className="text-xs text-fg-3">{finding.ruleId}</code>
      </Td>
      <Td className="max-w-72 max-md:hidden">
        <code className="block truncate text-xs" title={finding.path}>
          {finding.path}
        </code>
        <code className="block truncate text-xs text-fg-3">{whereOf(finding)}</code>
      </Td>
      <Td className={finding.status === 'open' ? 'font-medium' : 'text-fg-3'}>{words.status[finding.status]}</Td>
    </Tr>
  )
}
