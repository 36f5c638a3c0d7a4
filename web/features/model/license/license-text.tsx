import { type Ref, useEffect, useImperativeHandle, useMemo, useRef } from 'react'
import { shortId } from '../../../format.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Card } from '../../../ui/card.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { cx } from '../../../ui/cx.ts'
import { saveFile } from '../../../ui/save-file.ts'
import type { Version } from '../use-model.ts'
import { AnswerNote } from './answer-note.tsx'
import { runOn, segmentsOf } from './segments.ts'
import type { Answer, Assessment } from './use-license.ts'
import { questionWords, textWords as words } from './words.ts'

export type TextHandle = { show: () => void }

/** The model's own text with its cited clauses marked; those of the chosen question stand out and are scrolled to. */
export function LicenseText({
  license,
  version,
  chosen,
  ref,
}: {
  license: Assessment
  version: Version
  chosen: Answer | undefined
  ref: Ref<TextHandle>
}) {
  const { text, answers, fileSha256, summary } = license
  const box = useRef<HTMLDivElement>(null)
  const segments = useMemo(
    () => (text === null ? [] : segmentsOf(runOn(text), answers, chosen)),
    [text, answers, chosen],
  )
  // The clause that is cited first, which need not be the first in the text.
  const firstChosen = chosen?.clauses.find(({ start }) => start !== null)?.start ?? undefined
  const marked = () => box.current?.querySelector<HTMLElement>('[data-chosen]')
  useEffect(() => {
    const mark = marked()
    // The text moves in its frame; the page stays where it is.
    if (mark != null && box.current !== null) box.current.scrollTop = mark.offsetTop - 48
  }, [firstChosen])
  useImperativeHandle(ref, () => ({ show: () => marked()?.scrollIntoView({ block: 'center' }) }), [])
  return (
    <Card className="flex min-h-0 min-w-0 flex-col xl:sticky xl:top-16 xl:max-h-[calc(100dvh-5rem)]">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 border-b border-line px-4 py-2.5">
        <h2 className="text-md font-semibold">{words.title}</h2>
        {fileSha256 !== null && (
          <span className="inline-flex items-center gap-1 text-xs text-fg-3">
            <code title={fileSha256}>sha256 {shortId(fileSha256)}</code>
            <CopyButton label={words.copySha} small value={fileSha256} />
          </span>
        )}
        {text !== null && (
          <IconButton
            className="ml-auto"
            icon="arrow-down"
            label={words.save}
            onClick={() => saveFile(summary.file?.split('/').at(-1) ?? 'LICENSE.txt', 'text/plain', [text])}
          />
        )}
      </div>
      {chosen !== undefined && (
        <div
          aria-label={questionWords.noteOf(chosen.number)}
          className="shrink-0 border-b border-line p-3 focus-visible:-outline-offset-2 max-xl:hidden xl:max-h-[21rem] xl:overflow-y-auto"
          role="region"
          // A long note scrolls inside, so the keyboard has to reach it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          <AnswerNote answer={chosen} version={version} />
        </div>
      )}
      {text === null ? (
        <p className="p-4 text-fg-2">{words.none}</p>
      ) : (
        <div
          aria-label={words.title}
          className="relative min-h-40 overflow-y-auto px-4 py-3 break-words whitespace-pre-line max-xl:max-h-[70vh]"
          ref={box}
          role="region"
          // The text scrolls inside, so the keyboard has to reach it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {segments.map((segment) =>
            segment.cited ? (
              <mark
                className={cx(
                  'rounded-[2px] text-inherit',
                  segment.chosen
                    ? 'border-b-2 border-warn-fg bg-warn-soft font-medium'
                    : 'border-b border-dotted border-fg-3 bg-transparent',
                )}
                data-chosen={segment.from === firstChosen || undefined}
                key={segment.from}
                title={words.cited}
              >
                {segment.text}
              </mark>
            ) : (
              <span key={segment.from}>{segment.text}</span>
            ),
          )}
        </div>
      )}
      {license.otherFiles.length > 0 && (
        <div className="border-t border-line px-4 py-2.5 text-xs">
          <h3 className="font-medium">{words.other}</h3>
          <ul className="mt-1 grid gap-0.5 text-fg-2">
            {license.otherFiles.map((file) => (
              <li key={file.path}>
                <code className="break-all">{file.path}</code> {file.licenseId ?? ''} {words.statuses[file.status]}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  )
}
