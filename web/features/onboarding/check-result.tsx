import type { UseQueryResult } from '@tanstack/react-query'
import { bytes, count } from '../../format.ts'
import { text } from '../../text.ts'
import { cx } from '../../ui/cx.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { ProblemBox } from '../../ui/problem.tsx'
import type { Draft } from './draft.ts'
import type { SourceCheck } from './use-onboarding.ts'

type Note = SourceCheck['notes'][number]

const looks: Record<Note['level'], { icon: IconName; tone: string }> = {
  blocker: { icon: 'octagon', tone: 'text-fail-fg' },
  doubt: { icon: 'alert', tone: 'text-warn-fg' },
  fact: { icon: 'circle-check', tone: 'text-pass-fg' },
}
const rank: Record<Note['level'], number> = { blocker: 0, doubt: 1, fact: 2 }

/** Green facts, amber doubts, red blockers with their remedy: what the hub finds before anything is registered. */
export function CheckResult({
  check,
  draft,
  settled,
}: {
  check: UseQueryResult<SourceCheck>
  draft: Draft
  settled: boolean
}) {
  const { data } = check
  return (
    <section aria-label={text.wizard.checkTitle} className="h-fit rounded-card border border-line bg-surface">
      <div className="flex min-h-10 items-center gap-2 border-b border-line px-4">
        <h2 className="grow font-semibold">{text.wizard.checkTitle}</h2>
        <span aria-live="polite" className="flex items-center gap-1.5 text-xs text-fg-3">
          {!settled && draft.path !== '' && (
            <>
              <Icon className="turning" name="loader" size={14} />
              {text.wizard.checking}
            </>
          )}
        </span>
      </div>
      {draft.path.trim() === '' ? (
        <p className="p-4 text-fg-2">{text.wizard.checkIdle}</p>
      ) : check.isError ? (
        <div className="p-3">
          <ProblemBox error={check.error} onRetry={() => void check.refetch()} />
        </div>
      ) : data === undefined ? (
        <p className="p-4 text-fg-3">{text.wizard.checking}</p>
      ) : (
        <div className={cx(!settled && 'opacity-60')}>
          <ul className="grid gap-3 px-4 py-3">
            {withModality(data, draft)
              .toSorted((a, b) => rank[a.level] - rank[b.level])
              .map((note) => (
                <li className="flex gap-2.5" key={note.message}>
                  <Icon className={cx('mt-px', looks[note.level].tone)} name={looks[note.level].icon} />
                  <span className="min-w-0 break-words">
                    {note.message}
                    {note.remedy !== undefined && <span className="block text-xs text-fg-3">{note.remedy}</span>}
                  </span>
                </li>
              ))}
          </ul>
          <CheckFacts check={data} />
        </div>
      )}
    </section>
  )
}

function CheckFacts({ check }: { check: SourceCheck }) {
  const { neededBytes, freeBytes } = check.disk
  return (
    <>
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-2 border-t border-line px-4 py-3 text-fg-2">
        <dt className="text-fg-3">{text.wizard.checkFormats}</dt>
        <dd className="break-words">{check.formats.length === 0 ? text.common.unknown : check.formats.join(', ')}</dd>
        <dt className="text-fg-3">{text.wizard.checkLicense}</dt>
        <dd>{check.licenseTag ?? text.wizard.checkLicenseNone}</dd>
        <dt className="text-fg-3">{text.wizard.fileList}</dt>
        <dd>{text.wizard.checkFiles(text.common.files(check.fileCount), bytes(check.totalBytes))}</dd>
      </dl>
      <ul className="max-h-44 overflow-y-auto border-t border-line px-4 py-2 text-xs">
        {check.files.map((file) => (
          <li className="flex gap-3 py-1" key={file.path}>
            <code className="min-w-0 grow break-all">{file.path}</code>
            <span className="text-fg-3">{file.format}</span>
            <span className="shrink-0" title={`${count(file.size)} bytes`}>
              {bytes(file.size)}
            </span>
          </li>
        ))}
      </ul>
      <p className="border-t border-line px-4 py-2.5 text-xs text-fg-3">
        {neededBytes === 0
          ? text.wizard.checkStoreNone(bytes(freeBytes))
          : text.wizard.checkStore(bytes(neededBytes), bytes(freeBytes))}
      </p>
    </>
  )
}

function withModality(check: SourceCheck, draft: Draft): Note[] {
  const found = check.suggestedModality
  if (draft.modality === null || found === null || found === draft.modality) return check.notes
  const name = text.modalities[found as keyof typeof text.modalities] ?? found
  return [
    ...check.notes,
    {
      level: 'doubt',
      message: text.wizard.modalityDiffers(name, text.modalities[draft.modality]),
      remedy: text.wizard.modalityDiffersFix,
    },
  ]
}
