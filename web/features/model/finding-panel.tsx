import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Tag } from '../../ui/chip.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { SeverityChip } from '../../ui/severity.tsx'
import { type Finding, whereOf } from './finding.ts'
import { type Actions, answerOf } from './use-actions.ts'
import type { Readiness } from './use-model.ts'

const words = text.model.security

/** One finding in full: what it means, the evidence, how to fix it, and what to do when that cannot be. */
export function FindingPanel({
  finding,
  actions,
  readiness,
  onClose,
}: {
  finding: Finding
  actions: Actions
  readiness: Readiness | undefined
  onClose: () => void
}) {
  const approve = answerOf(readiness, 'approve')
  return (
    <aside
      aria-label={finding.title}
      className="min-w-0 rounded-card border border-line bg-surface p-4 xl:sticky xl:top-16"
    >
      <div className="flex flex-wrap items-center gap-2">
        <SeverityChip severity={finding.severity} />
        <code className="text-xs text-fg-2">{finding.ruleId}</code>
        {finding.cwe !== null && <Tag mono>{finding.cwe}</Tag>}
        <span className="ml-auto flex">
          <CopyButton label={words.copyLink} small value={location.href} />
          <IconButton className="size-6" icon="x" label={words.close} onClick={onClose} size={14} />
        </span>
      </div>
      <h2 className="mt-3 text-md font-semibold break-words">{finding.title}</h2>
      <p className="mt-1 break-words text-fg-2">{finding.message}</p>
      <p className="mt-2 break-words text-fg-2">{finding.explanation}</p>
      <h3 className="mt-4 mb-1 font-semibold">{words.columns.where}</h3>
      <p className="text-xs">
        <code className="break-all">{finding.path}</code>
        {whereOf(finding) !== '' && <code className="block text-fg-3">{whereOf(finding)}</code>}
      </p>
      {finding.evidence !== null && (
        <>
          <h3 className="mt-4 mb-1 font-semibold">{words.evidence}</h3>
          <CodeBlock code={finding.evidence} label={words.evidence} />
        </>
      )}
      <h3 className="mt-4 mb-1 font-semibold">{words.fix}</h3>
      <p className="break-words text-fg-2">{finding.remedy}</p>
      {finding.status === 'open' && approve !== undefined && (
        <div className="mt-4 border-t border-line pt-3">
          <h3 className="mb-1 font-semibold">{words.cannotFix}</h3>
          <p className="text-fg-2">{words.cannotFixBody}</p>
          <Button
            className="mt-2"
            onClick={() => actions.start('approve')}
            reason={approve.allowed ? null : (approve.reason ?? text.problem.forbidden)}
          >
            {text.model.actions.approve}
          </Button>
        </div>
      )}
    </aside>
  )
}
