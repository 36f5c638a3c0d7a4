import { useState } from 'react'
import { clock, exactUtc } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { saveFile } from '../../../ui/save-file.ts'
import { Segmented } from '../../../ui/segmented.tsx'
import type { LogLine } from './use-job-events.ts'

const loud = (line: LogLine) => line.level === 'warn' || line.level === 'error'

/** Newest first, so that nothing moves under the reader. */
export function JobLog({ lines, jobId }: { lines: LogLine[]; jobId: string }) {
  const [filter, setFilter] = useState<'all' | 'warnings'>('all')
  const warnings = lines.filter(loud)
  const shown = (filter === 'all' ? lines : warnings).toReversed()
  return (
    <section aria-label={text.job.log}>
      <div className="mb-3 flex items-center gap-3">
        <h2 className="grow text-md font-semibold">{text.job.log}</h2>
        <Segmented
          label={text.job.log}
          onChange={setFilter}
          options={[
            { value: 'all', label: text.job.all },
            { value: 'warnings', label: `${text.job.warnings} ${warnings.length}` },
          ]}
          value={filter}
        />
      </div>
      {shown.length === 0 ? (
        <p className="text-fg-3">{text.job.logEmpty}</p>
      ) : (
        <ol className="grid gap-2 font-mono text-xs">
          {shown.map((line) => (
            <li
              className={cx('grid grid-cols-[4.25rem_4rem_1fr] gap-2', loud(line) ? 'text-warn-fg' : 'text-fg-2')}
              key={line.seq}
            >
              <time className="text-fg-3" dateTime={line.at} title={exactUtc(line.at)}>
                {clock(line.at, true)}
              </time>
              <span className="truncate text-fg-3">{line.scope}</span>
              <span className="min-w-0 break-words">{line.message}</span>
            </li>
          ))}
        </ol>
      )}
      {lines.length > 0 && (
        <Button className="mt-4" icon="arrow-down" onClick={() => save(lines, jobId)} small>
          {text.job.logSave}
        </Button>
      )}
    </section>
  )
}

/** As plain lines, oldest first, in UTC. */
function save(lines: readonly LogLine[], jobId: string): void {
  const words = lines.map(({ at, level, scope, message }) => `${at} ${level} ${scope} ${message}\n`)
  saveFile(`${jobId}.log`, 'text/plain', words)
}
