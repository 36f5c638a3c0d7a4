import { count, dayTime } from '../../../format.ts'
import { providerWords as words } from '../words.ts'
import { ChangeTable } from './change-table.tsx'
import type { SyncOutcome } from './use-catalog-data.ts'

/** What a provider's list says now against what it said before. */
export function SyncReport({ outcome }: { outcome: SyncOutcome }) {
  const { diff } = outcome
  const still = outcome.created === 0 && outcome.changed === 0 && outcome.notVisible === 0
  return (
    <div className="grid gap-3">
      <p>
        <span className="font-medium">{words.outcome(outcome.listed, dayTime(outcome.at))}</span>
        <span className="block text-xs text-fg-3">
          {still ? words.noChange : words.unchanged(count(outcome.unchanged))}
        </span>
      </p>
      <Models all={outcome.created} models={diff.created} title={words.added} />
      {diff.changed.length > 0 && (
        <Part all={outcome.changed} shown={diff.changed.length} title={words.changed}>
          <ChangeTable changes={diff.changed} />
        </Part>
      )}
      <Models all={outcome.notVisible} models={diff.notVisible} note={words.goneNote} title={words.gone} />
      {outcome.problems.length > 0 && (
        <Part
          all={outcome.problems.length}
          shown={outcome.problems.length}
          title={words.unread(outcome.problems.length)}
        >
          <ul className="grid gap-1 text-xs break-words text-fg-2">
            {outcome.problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </Part>
      )}
    </div>
  )
}

function Models({ title, models, all, note }: { title: string; models: string[]; all: number; note?: string }) {
  if (models.length === 0) return null
  return (
    <Part all={all} shown={models.length} title={title} {...(note === undefined ? {} : { note })}>
      <ul className="grid gap-0.5">
        {models.map((model) => (
          <li className="truncate" key={model} title={model}>
            <code className="text-xs">{model}</code>
          </li>
        ))}
      </ul>
    </Part>
  )
}

/** A list that may be long folds itself; its number is always there. */
export function Part({
  title,
  all,
  shown,
  note,
  children,
}: {
  title: string
  all: number
  shown: number
  note?: string
  children: React.ReactNode
}) {
  return (
    <details open={shown <= 12}>
      <summary className="tap w-fit rounded-tag font-medium">
        {title} <span className="font-normal text-fg-3">{count(all)}</span>
      </summary>
      <div className="mt-1.5 grid min-w-0 grid-cols-1 gap-1.5">
        {note !== undefined && <p className="text-xs text-fg-3">{note}</p>}
        {children}
        {all > shown && <p className="text-xs text-fg-3">{words.first(shown, all)}</p>}
      </div>
    </details>
  )
}
