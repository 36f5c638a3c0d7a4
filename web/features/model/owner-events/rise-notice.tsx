import { Link } from '@tanstack/react-router'
import { day } from '../../../format.ts'
import { Banner } from '../../../ui/banner.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import type { Version } from '../use-model.ts'
import { eventStatus, useOwnerEvents } from './use-owner-events.ts'
import { eventWords as words } from './words.ts'

/** Says on the first tab that findings rose while the version stayed in service: its state does not show it. */
export function RiseNotice({ version }: { version: Version }) {
  const newest = useOwnerEvents(version).data?.pages[0]?.items[0]
  if (newest?.kind !== 'findings_rose' || version.state === 'archived') return null
  return (
    <Banner
      action={
        <Link
          className="rounded-tag text-accent-fg underline"
          params={{ _splat: `${version.modelName}@${version.number}` }}
          search={{ tab: 'security' }}
          to="/models/$"
        >
          {words.see}
        </Link>
      }
      icon="alert"
      title={`${eventStatus(newest.kind).label}, ${day(newest.at)}`}
      tone="warn"
    >
      {newest.message} {newest.remedy !== null && <Sentence>{newest.remedy}</Sentence>}
    </Banner>
  )
}
