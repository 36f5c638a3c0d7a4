import { Link } from '@tanstack/react-router'
import { useCan } from '../../../app/session.ts'
import { dayTime } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { PanelPart } from '../../../ui/side-panel.tsx'
import { answerOf } from '../use-actions.ts'
import type { Readiness, Version } from '../use-model.ts'
import { type Finding, useWaivers } from './use-security.ts'
import { waiverWords as words } from './words.ts'

/** Why the open high findings cannot be waived by whom is looking; null: they can. */
export function waiverReason(
  finding: Finding,
  findings: readonly Finding[],
  version: Version,
  mayApprove: boolean,
  refused: string | null | undefined,
): string | null {
  if (version.state === 'archived') return words.archived
  if (finding.severity === 'critical') return words.critical
  if (finding.severity !== 'high') return words.medium
  if (findings.some(({ severity }) => severity === 'critical')) return words.criticalBeside
  if (!mayApprove) return refused ?? words.notYours
  return null
}

/** The decision that covers a finding, or the way to one. */
export function WaiverPart({
  finding,
  findings,
  version,
  readiness,
  onWaive,
}: {
  finding: Finding
  findings: readonly Finding[]
  version: Version
  readiness: Readiness | undefined
  onWaive: () => void
}) {
  const can = useCan()
  const waivers = useWaivers(version)
  if (finding.status !== 'open') {
    const given = waivers.data?.find((one) => one.findings.includes(`${finding.ruleId} ${finding.path}`))
    return (
      <PanelPart title={words.givenTitle}>
        {given !== undefined && (
          <>
            <p className="break-words text-fg-2">“{given.reason}”</p>
            <p className="mt-1 text-xs text-fg-3">
              {words.by(given.decidedBy ?? given.requestedBy)},{' '}
              {given.expiresAt === null ? words.noEnd : `${words.to} ${dayTime(given.expiresAt)}`}
            </p>
          </>
        )}
        <Link className="mt-2 inline-block rounded-tag text-xs text-accent-fg underline" to="/approvals">
          {words.all}
        </Link>
      </PanelPart>
    )
  }
  const answer = answerOf(readiness, 'approve')
  const possible = waiverReason(finding, findings, version, true, null)
  return (
    <PanelPart title={words.title}>
      <p className="break-words text-fg-2">{possible ?? words.high}</p>
      {possible === null && (
        <Button
          className="mt-3"
          icon="stamp"
          look="danger"
          onClick={onWaive}
          reason={waiverReason(finding, findings, version, answer?.allowed ?? can('model.approve'), answer?.reason)}
        >
          {words.ask}
        </Button>
      )}
    </PanelPart>
  )
}
