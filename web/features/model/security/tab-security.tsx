import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { toast } from '../../../app/toasts.tsx'
import { Banner } from '../../../ui/banner.tsx'
import { Empty } from '../../../ui/empty.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { severityRank } from '../../../ui/severity.tsx'
import { WithPanel } from '../../../ui/side-panel.tsx'
import { SkeletonCard, SkeletonRows } from '../../../ui/skeleton.tsx'
import { EventsCard } from '../owner-events/events-card.tsx'
import { answerOf } from '../use-actions.ts'
import type { Readiness, Version } from '../use-model.ts'
import { DownloadMenu, useDownload } from './downloads.tsx'
import { FindingPanel } from './finding-panel.tsx'
import { FindingsCard } from './findings-card.tsx'
import { ImportedScans } from './imported-scans.tsx'
import { PastBanner, PastChanges } from './past-scan.tsx'
import { RescanButton, ScanProgress } from './rescan.tsx'
import { ScanBanner } from './scan-banner.tsx'
import { ScanHistory } from './scan-history.tsx'
import { SignatureCard } from './signature-card.tsx'
import { SkippedFiles } from './skipped-files.tsx'
import { useFindingFilter } from './use-finding-filter.ts'
import { type Finding, useScan, useScans, useWaivers } from './use-security.ts'
import { WaiverDialog } from './waiver-dialog.tsx'
import { waiverReason } from './waiver-part.tsx'
import { bannerWords, pastWords, securityWords as words } from './words.ts'

const route = getRouteApi('/app/models/$')

/** The verdict with what it rests on, each finding with what to do, and who vouches for the bytes. */
export function TabSecurity({
  version,
  readiness,
  splat,
}: {
  version: Version
  readiness: Readiness | undefined
  splat: string
}) {
  const { finding: chosen, at, scan: compared, with: other } = route.useSearch()
  const scan = useScan(version, at)
  const history = useScans(version).data?.pages.flatMap((page) => page.items)
  const download = useDownload(version)
  // The newest one may be asked for by its id too; it is the present all the same.
  const past = at !== undefined && history?.[0]?.id !== at
  const navigate = useNavigate()
  const can = useCan()
  const [waiving, setWaiving] = useState(false)
  const all = (scan.data?.findings ?? []).toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity])
  const filter = useFindingFilter(version, scan.data?.id ?? undefined, all)
  const selected = all.find((finding) => finding.id === chosen)
  const waivers = useWaivers(version).data
  const go = (search: { finding?: string; scan?: string; with?: string; at?: string }) =>
    void navigate({
      to: '/models/$',
      params: { _splat: splat },
      search: { tab: 'security', ...(past ? { at } : {}), ...search },
      replace: true,
      resetScroll: false,
    })
  const select = (id: string | undefined) => go(id === undefined ? {} : { finding: id })
  const move = (step: number) => {
    const at = filter.shown.findIndex((finding) => finding.id === chosen)
    const next = filter.shown[at < 0 ? 0 : Math.max(0, Math.min(filter.shown.length - 1, at + step))]
    if (next !== undefined) select(next.id)
  }
  const waive = (finding: Finding | undefined) => {
    if (finding === undefined || finding.status !== 'open') return
    if (past) {
      toast(pastWords.notWaived)
      return
    }
    const answer = answerOf(readiness, 'approve')
    const may = answer?.allowed ?? can('model.approve')
    const reason = waiverReason(finding, all, version, may, answer?.reason)
    if (reason === null) setWaiving(true)
    else toast(reason)
  }
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    w: () => waive(selected),
    ...(selected === undefined ? {} : { Escape: () => select(undefined) }),
  })
  if (scan.isError) return <ProblemBox error={scan.error} onRetry={() => void scan.refetch()} />
  if (scan.data === undefined) {
    return (
      <div className="grid grid-cols-1 gap-3">
        <SkeletonCard lines={2} />
        <SkeletonRows rows={4} />
      </div>
    )
  }
  if (!scan.data.applicable) {
    return (
      <Banner icon="circle-dashed" title={words.hostedTitle} tone="part">
        {words.hosted}
      </Banner>
    )
  }
  const endOf = (finding: Finding) =>
    finding.status === 'open'
      ? null
      : (waivers?.find((one) => one.findings.includes(`${finding.ruleId} ${finding.path}`))?.expiresAt ?? null)
  const rescan = <RescanButton readiness={readiness} version={version} />
  const list = (
    <div className="grid min-w-0 grid-cols-1 gap-3">
      {past ? (
        <PastBanner
          onBack={() =>
            void navigate({
              to: '/models/$',
              params: { _splat: splat },
              search: { tab: 'security' },
              resetScroll: false,
            })
          }
          scan={scan.data}
        />
      ) : (
        <ScanProgress version={version} />
      )}
      {!past && scan.data.stale !== null && (
        <Banner action={rescan} icon="alert" title={bannerWords.staleTitle} tone="warn">
          {scan.data.stale}
        </Banner>
      )}
      {scan.data.id === null ? (
        <Empty title={words.notScanned}>{words.notScannedBody}</Empty>
      ) : (
        <>
          <ScanBanner
            action={past || scan.data.stale !== null ? null : rescan}
            history={history}
            readiness={past ? undefined : readiness}
            scan={scan.data}
          />
          {past && (
            <PastChanges
              onOther={(id) => go(id === undefined ? {} : { with: id })}
              other={other}
              scan={{ ...scan.data, id: scan.data.id }}
              version={version}
            />
          )}
          <FindingsCard
            chosen={chosen}
            empty={scan.data.verdict === 'incomplete' ? words.noneIncomplete : words.none}
            endOf={endOf}
            filter={filter}
            menu={past ? null : <DownloadMenu download={download} />}
            readOnly={past}
            onChoose={select}
          />
          {download.isError && <ProblemBox error={download.error} live />}
          <SkippedFiles skipped={scan.data.skipped} />
        </>
      )}
      {!past && (
        <>
          <EventsCard version={version} />
          <ImportedScans imported={scan.data.imported} />
          <SignatureCard version={version} />
        </>
      )}
      <ScanHistory
        onCompare={(id, against) =>
          go({ ...(id === undefined ? {} : { scan: id }), ...(against === undefined ? {} : { with: against }) })
        }
        other={other}
        scan={past ? undefined : compared}
        shown={scan.data.id}
        splat={splat}
        version={version}
      />
    </div>
  )
  return (
    <>
      <WithPanel
        list={list}
        panel={
          selected === undefined ? null : (
            <FindingPanel
              finding={selected}
              findings={all}
              onClose={() => select(undefined)}
              onWaive={past ? null : () => waive(selected)}
              readiness={readiness}
              version={version}
            />
          )
        }
      />
      {waiving && <WaiverDialog findings={all} onClose={() => setWaiving(false)} version={version} />}
    </>
  )
}
