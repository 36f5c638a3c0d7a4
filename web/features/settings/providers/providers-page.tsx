import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCan } from '../../../app/session.ts'
import { useShortcuts } from '../../../app/shortcuts.ts'
import { useProviders } from '../../../app/use-providers.ts'
import { useRowKeys } from '../../../app/use-row-keys.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { ProblemBox } from '../../../ui/problem.tsx'
import { WithPanel } from '../../../ui/side-panel.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { SettingsFrame } from '../settings-frame.tsx'
import { providerWords as words } from '../words.ts'
import { CatalogReportDialog } from './catalog-report-dialog.tsx'
import { ImportCatalogDialog } from './import-catalog-dialog.tsx'
import { OtherProviders } from './other-providers.tsx'
import { ProviderPanel } from './provider-panel.tsx'
import { ProviderTable } from './provider-table.tsx'
import { RefreshCatalogDialog } from './refresh-catalog-dialog.tsx'
import type { CatalogReport } from './use-catalog-data.ts'

const route = getRouteApi('/app/settings/providers')

export function ProvidersPage() {
  const { show } = route.useSearch()
  const navigate = useNavigate()
  const can = useCan()
  const providers = useProviders()
  const [asked, setAsked] = useState<'import' | 'refresh' | null>(null)
  const [report, setReport] = useState<CatalogReport | null>(null)
  const items = providers.data ?? []
  const chosen = items.find(({ kind }) => kind === show)
  const open = (kind: string | undefined) =>
    void navigate({ to: '/settings/providers', search: kind === undefined ? {} : { show: kind }, resetScroll: false })
  const rows = useRowKeys(items.length, (index) => open(items[index]?.kind))
  useShortcuts({ ...rows.keys, ...(show === undefined ? {} : { Escape: () => open(undefined) }) })
  const taken = (next: CatalogReport) => {
    setAsked(null)
    setReport(next)
  }
  return (
    <SettingsFrame
      actions={
        can('admin') && (
          <>
            <Button icon="file" onClick={() => setAsked('import')}>
              {words.import}
            </Button>
            <Button icon="refresh" onClick={() => setAsked('refresh')}>
              {words.refresh}
            </Button>
          </>
        )
      }
      at="/settings/providers"
      note={<span className="max-md:hidden">{words.note}</span>}
      title={text.nav.providers}
    >
      <WithPanel
        list={
          providers.isError ? (
            <ProblemBox error={providers.error} onRetry={() => void providers.refetch()} />
          ) : providers.data === undefined ? (
            <SkeletonRows rows={12} />
          ) : (
            <div className="grid grid-cols-1 gap-6">
              <ProviderTable active={rows.active} chosen={show} items={items} />
              <OtherProviders />
            </div>
          )
        }
        panel={
          chosen === undefined ? null : (
            <ProviderPanel key={chosen.kind} onClose={() => open(undefined)} provider={chosen} />
          )
        }
      />
      {asked === 'import' && <ImportCatalogDialog onClose={() => setAsked(null)} onTaken={taken} />}
      {asked === 'refresh' && <RefreshCatalogDialog onClose={() => setAsked(null)} onTaken={taken} />}
      {report !== null && <CatalogReportDialog onClose={() => setReport(null)} report={report} />}
    </SettingsFrame>
  )
}
