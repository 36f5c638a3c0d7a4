import { Tag } from '../../../ui/chip.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import { SeverityChip } from '../../../ui/severity.tsx'
import { PanelPart, SidePanel } from '../../../ui/side-panel.tsx'
import type { Readiness, Version } from '../use-model.ts'
import { evidenceLines, whereOf } from './finding.ts'
import type { Finding } from './use-security.ts'
import { WaiverPart } from './waiver-part.tsx'
import { pastWords, waiverWords, findingWords as words } from './words.ts'

/** One finding in full: what it means, the evidence, how to fix it, and what to do when that cannot be. */
export function FindingPanel({
  finding,
  findings,
  version,
  readiness,
  onWaive,
  onClose,
}: {
  finding: Finding
  /** All of the scan: whether a waiver is possible depends on the others. */
  findings: readonly Finding[]
  version: Version
  readiness: Readiness | undefined
  /** Null: of an older scan, about which nothing is decided. */
  onWaive: (() => void) | null
  onClose: () => void
}) {
  const where = whereOf(finding)
  return (
    <SidePanel
      backLabel={words.back}
      closeLabel={words.close}
      head={<CopyButton label={words.copyLink} small value={location.href} />}
      id={finding.id}
      lead={
        <span className="mt-1.5 flex flex-wrap items-center gap-2">
          <SeverityChip severity={finding.severity} />
          <code className="text-fg-2">{finding.ruleId}</code>
          {finding.cwe !== null && (
            <Tag mono title={words.cwe(finding.cwe)}>
              {finding.cwe}
            </Tag>
          )}
        </span>
      }
      onClose={onClose}
      title={finding.title}
    >
      <div className="grid gap-2 px-4 pb-3 break-words text-fg-2">
        {finding.message.replace(/\.$/, '') !== finding.title && <p>{finding.message}</p>}
        {finding.explanation !== '' && <p>{finding.explanation}</p>}
      </div>
      <PanelPart title={words.where}>
        <div className="flex items-start gap-1 text-xs">
          <span className="min-w-0 grow">
            <code className="block break-all">{finding.path}</code>
            {where !== '' && <code className="block break-all text-fg-3">{where}</code>}
          </span>
          <CopyButton label={words.copyPath} small value={finding.path} />
        </div>
      </PanelPart>
      {finding.evidence !== null && (
        <PanelPart title={words.evidence}>
          <Evidence evidence={finding.evidence} offset={finding.offset} />
        </PanelPart>
      )}
      <PanelPart title={words.fix}>
        <p className="break-words text-fg-2">
          <Sentence>{finding.remedy}</Sentence>
        </p>
      </PanelPart>
      {onWaive === null ? (
        <PanelPart title={waiverWords.title}>
          <p className="text-fg-2">{pastWords.notWaived}</p>
        </PanelPart>
      ) : (
        <WaiverPart finding={finding} findings={findings} onWaive={onWaive} readiness={readiness} version={version} />
      )}
    </SidePanel>
  )
}

/** What the scanner saw, made printable by it: bytes with their offsets, text wrapped. */
function Evidence({ evidence, offset }: { evidence: string; offset: number | null }) {
  const lines = evidenceLines(evidence, offset)
  return (
    <div className="flex items-start rounded-control border border-fail-line bg-fail-soft">
      <code className="grid min-w-0 grow px-3 py-2 text-xs leading-5">
        {lines.map(({ at, text }) => (
          <span className="flex min-w-0 gap-3" key={`${at} ${text}`}>
            {at !== null && <span className="shrink-0 text-fg-2">{at}</span>}
            <span className="min-w-0 break-all whitespace-pre-wrap text-fg">{text}</span>
          </span>
        ))}
      </code>
      <CopyButton className="m-1" small value={evidence} />
    </div>
  )
}
