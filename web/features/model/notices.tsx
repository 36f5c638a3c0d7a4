import { useCan } from '../../app/session.ts'
import { day } from '../../format.ts'
import { text } from '../../text.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Sentence } from '../../ui/sentence.tsx'
import { newerCommit } from './newer-commit.ts'
import { RiseNotice } from './owner-events/rise-notice.tsx'
import { type Model, useVersions, type Version } from './use-model.ts'
import { noticeWords as words } from './words.ts'

/** What people must know before they rely on the version: an end, a newer commit, contradictions, a dead link. */
export function Notices({
  model,
  version,
  onReplaceLink,
}: {
  model: Model
  version: Version
  onReplaceLink: () => void
}) {
  return (
    <>
      <Deprecations version={version} />
      <Drift model={model} version={version} />
      <StateReason onReplaceLink={onReplaceLink} version={version} />
      <RiseNotice version={version} />
      <Said keyName="contradictions" title={words.contradictions} version={version} />
      <Said keyName="doubts" title={words.doubts} version={version} />
    </>
  )
}

function Deprecations({ version }: { version: Version }) {
  const can = useCan()
  return version.notices.map((notice) => (
    <Banner
      action={
        notice.replacement !== null &&
        version.hosted !== null &&
        can('model.write') && (
          <ButtonLink
            icon="onboard"
            search={{ source: `cloud:${version.hosted.provider}/${notice.replacement}` }}
            to="/onboarding/new"
          >
            {words.onboardReplacement}
          </ButtonLink>
        )
      }
      icon="alert"
      key={`${notice.kind} ${notice.date ?? ''} ${notice.source}`}
      title={words.deprecated(notice.date === null ? null : day(notice.date))}
      tone="warn"
    >
      {notice.replacement === null ? words.noReplacement : words.replacement(notice.replacement)}
      <span className="block text-xs text-fg-2">{words.from(notice.source)}</span>
    </Banner>
  ))
}

function Drift({ model, version }: { model: Model; version: Version }) {
  const versions = useVersions(model.id).data ?? []
  const newer = newerCommit(version, versions)
  if (newer === undefined) return null
  return (
    <Banner
      action={
        <ButtonLink params={{ _splat: `${model.name}@${newer.number}` }} to="/models/$">
          {words.driftOpen(newer.number)}
        </ButtonLink>
      }
      icon="info"
      title={words.driftTitle(day(newer.createdAt))}
      tone="info"
    >
      {words.drift(newer.number)}
    </Banner>
  )
}

/** The checklist below gives the scan's reasons in full; the banner would only repeat them. */
const saidByScan = new Set(['findings_open', 'scan_incomplete'])
export const linkEnded = (version: Version): boolean =>
  version.source.type === 'url' && ['link_expired', 'link_refused'].includes(version.stateReason?.code ?? '')

function StateReason({ version, onReplaceLink }: { version: Version; onReplaceLink: () => void }) {
  const can = useCan()
  const { state, stateReason: reason } = version
  if (reason === null || saidByScan.has(reason.code)) return null
  // A download whose link ended goes back to Draft; its reason stays until it starts again.
  if (state !== 'needs_attention' && !(state === 'draft' && linkEnded(version))) return null
  return (
    <Banner
      action={
        linkEnded(version) &&
        can('model.write') && (
          <Button icon="link" onClick={onReplaceLink}>
            {text.freshLink.open}
          </Button>
        )
      }
      icon="alert"
      title={reason.message}
      tone="warn"
    >
      {reason.remedy != null && <Sentence>{reason.remedy}</Sentence>}
      <code className="mt-1 block text-xs text-fg-2">{reason.code}</code>
    </Banner>
  )
}

function Said({ version, keyName, title }: { version: Version; keyName: 'contradictions' | 'doubts'; title: string }) {
  const value = version.metadata[keyName]?.value
  const all = Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  // The only one is the reason of the state, which stands above.
  const said = all.length === 1 && all[0] === version.stateReason?.message ? [] : all
  if (said.length === 0) return null
  return (
    <Banner icon="equal" title={title} tone={keyName === 'doubts' ? 'part' : 'warn'}>
      <ul className="grid list-disc gap-0.5 pl-4">
        {said.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Banner>
  )
}
