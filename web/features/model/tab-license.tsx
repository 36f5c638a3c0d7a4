import type { Schema } from '../../app/client.ts'
import { shortId } from '../../format.ts'
import { text } from '../../text.ts'
import { Card, CardHead } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import { SkeletonCard } from '../../ui/skeleton.tsx'
import { licenseStatus, toneText } from '../../ui/status.ts'
import { Tile, Tiles } from '../../ui/tile.tsx'
import { Time } from '../../ui/time.tsx'
import { useLicense, type Version } from './use-model.ts'

const words = text.model.license

export function TabLicense({ version }: { version: Version }) {
  const license = useLicense(version)
  if (license.isError) return <ProblemBox error={license.error} onRetry={() => void license.refetch()} />
  if (license.data === undefined) return <SkeletonCard lines={4} />
  const { tagSource, fileSha256, at, text: content } = license.data
  const summary = license.data.summary as Schema<'LicenseSummary'>
  if (at === null) return <Empty title={words.statuses.unknown}>{words.none}</Empty>
  const status = licenseStatus(summary)
  const value = (words: string | null) => <span className="text-md">{words ?? text.common.unknown}</span>
  return (
    <div className="grid gap-4">
      <Tiles>
        <Tile
          label={words.status}
          value={
            <span className="inline-flex items-center gap-2 text-md">
              <Icon className={toneText[status.tone]} name={status.icon} />
              {words.statuses[summary.status]}
            </span>
          }
        />
        <Tile
          label={words.tag}
          note={tagSource === null ? undefined : words.tagFrom(tagSource)}
          value={value(summary.tag)}
        />
        <Tile label={words.file} value={value(summary.file)} />
        <Tile
          label={words.sha}
          value={
            fileSha256 === null ? (
              value(text.common.notApplicable)
            ) : (
              <span className="inline-flex items-center gap-1 font-mono text-sm font-normal">
                {shortId(fileSha256)}
                <CopyButton label={words.sha} small value={fileSha256} />
              </span>
            )
          }
        />
        <Tile
          label={words.read}
          value={
            <span className="text-md font-normal">
              <Time at={at} full />
            </span>
          }
        />
      </Tiles>
      <Card>
        <CardHead title={words.text} />
        {content === null ? (
          <p className="px-4 pb-4 text-fg-2">{words.noText}</p>
        ) : (
          <pre
            aria-label={words.text}
            className="max-h-[60vh] overflow-auto border-t border-line px-4 py-3 font-mono text-xs leading-5 whitespace-pre-wrap"
            role="region"
            // The text scrolls inside, so the keyboard has to reach it.
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
          >
            {content}
          </pre>
        )}
      </Card>
      <p className="text-xs text-fg-3">{words.disclaimer}</p>
    </div>
  )
}
