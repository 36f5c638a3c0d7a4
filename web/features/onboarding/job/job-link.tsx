import { useState } from 'react'
import type { Schema } from '../../../app/client.ts'
import { FreshLinkDialog } from '../../../app/fresh-link-dialog.tsx'
import { useCan } from '../../../app/session.ts'
import type { Job } from '../../../app/use-jobs.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'

type Version = Schema<'ModelVersion'>

const words = text.freshLink
const takesLink: Version['state'][] = ['draft', 'ingesting', 'needs_attention']

/** Whether another address would let the download go on. */
export const needsLink = (job: Job, { source, state, stateReason }: Version): boolean =>
  source.type === 'url' &&
  state === 'needs_attention' &&
  (job.error?.code === 'link_expired' || stateReason?.code === 'link_expired')

/** A way to go on where an address stopped to work: the main action then, and a quiet one while the download still runs. */
export function JobLink({ job, version }: { job: Job; version: Version }) {
  const can = useCan()
  const [asking, setAsking] = useState(false)
  if (version.source.type !== 'url' || !takesLink.includes(version.state) || !can('model.write')) return null
  const needed = needsLink(job, version)
  return (
    <>
      {needed && <p className="mb-3 text-fg-2">{words.stopped}</p>}
      <Button icon="link" look={needed ? 'ink' : 'outline'} onClick={() => setAsking(true)}>
        {words.open}
      </Button>
      {asking && <FreshLinkDialog onClose={() => setAsking(false)} version={version} />}
    </>
  )
}
