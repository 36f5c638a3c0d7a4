import { useQueryClient } from '@tanstack/react-query'
import { unwrap } from '../../../../sdk/index.ts'
import { hub } from '../../../app/client.ts'
import { toast } from '../../../app/toasts.tsx'
import { text } from '../../../text.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import type { Version } from '../use-model.ts'
import { WaiverTerms } from '../waiver-terms.tsx'
import type { Finding } from './use-security.ts'
import { waiverWords as words } from './words.ts'

/** Waives the open high findings of a version at once; who may not decide never gets here. */
export function WaiverDialog({
  version,
  findings,
  onClose,
}: {
  version: Version
  findings: readonly Finding[]
  onClose: () => void
}) {
  const client = useQueryClient()
  const high = findings.filter(({ severity, status }) => severity === 'high' && status === 'open').length
  return (
    <ConfirmDialog
      onClose={onClose}
      request={{
        title: words.dialogTitle(`${version.modelName} ${text.common.version(version.number)}`),
        body: <WaiverTerms covers={words.covers(high)} />,
        action: words.action,
        reason: { label: words.reason, hint: words.reasonHint, required: true },
        until: { label: words.until, hint: words.untilHint, defaultDays: 30, maxDays: 365 },
        run: async ({ reason, until }) => {
          const body = {
            version: version.id,
            subject: 'findings' as const,
            decision: 'approved' as const,
            reason,
            expiresAt: until,
          }
          await unwrap(hub.POST('/approvals', { body }))
          toast(words.done)
          await client.invalidateQueries()
        },
      }}
    />
  )
}
