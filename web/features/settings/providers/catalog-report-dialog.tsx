import { count, dayTime } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { Tile, Tiles } from '../../../ui/tile.tsx'
import { UserList } from '../user-list.tsx'
import { providerWords as words } from '../words.ts'
import { ChangeTable } from './change-table.tsx'
import { Part } from './sync-report.tsx'
import type { CatalogReport } from './use-catalog-data.ts'

/** What a catalog brought: every number, what could not be taken in, and deprecations that concern this hub. */
export function CatalogReportDialog({ report, onClose }: { report: CatalogReport; onClose: () => void }) {
  const labels = words.report
  const tiles = [
    ['offerings', report.offerings],
    ['providers', report.providers],
    ['created', report.created],
    ['changed', report.changed],
    ['unchanged', report.unchanged],
    ['gone', report.gone],
    ['deprecated', report.deprecated],
    ['problems', report.problemCount],
  ] as const
  return (
    <Dialog
      description={words.source(report.source, dayTime(report.at))}
      footer={
        <Button look="ink" onClick={onClose}>
          {words.done}
        </Button>
      }
      onClose={onClose}
      open
      title={words.reportTitle}
      wide
    >
      <div className="grid grid-cols-1 gap-4">
        <Tiles>
          {tiles.map(([name, value]) => (
            <Tile key={name} label={labels[name]} value={count(value)} />
          ))}
        </Tiles>
        {report.deprecatedInUse.length > 0 && (
          <Part all={report.deprecatedInUse.length} shown={report.deprecatedInUse.length} title={words.deprecatedInUse}>
            <ul className="grid gap-3">
              {report.deprecatedInUse.map((ended) => (
                <li key={`${ended.provider}/${ended.model}`}>
                  <code className="text-xs">{`${ended.provider}/${ended.model}`}</code>
                  <span className="block text-xs text-fg-2">{words.deprecatedLine(ended.date, ended.replacement)}</span>
                  <UserList
                    count={ended.usedBy.length}
                    users={ended.usedBy.map(({ versionId, name, state }) => ({ id: versionId, name, state }))}
                  />
                </li>
              ))}
            </ul>
          </Part>
        )}
        {report.problems.length > 0 && (
          <Part all={report.problemCount} shown={report.problems.length} title={words.problems}>
            <ul className="grid gap-1 text-xs break-words">
              {report.problems.map((row) => (
                <li key={`${row.provider} ${row.model ?? ''} ${row.problem}`}>
                  <code>{row.model === null ? row.provider : `${row.provider}/${row.model}`}</code>{' '}
                  <span className="text-fg-2">{row.problem}</span>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {report.changes.length > 0 && (
          <Part all={report.changed} shown={report.changes.length} title={words.changed}>
            <ChangeTable changes={report.changes} />
          </Part>
        )}
        {report.goneModels.length > 0 && (
          <Part all={report.gone} shown={report.goneModels.length} title={words.gone}>
            <ul className="grid gap-0.5 text-xs">
              {report.goneModels.map(({ provider, model }) => (
                <li key={`${provider}/${model}`}>
                  <code>{`${provider}/${model}`}</code>
                </li>
              ))}
            </ul>
          </Part>
        )}
      </div>
    </Dialog>
  )
}
