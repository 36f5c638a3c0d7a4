import type { Schema } from '../../../app/client.ts'
import { bytes, count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { StatusText } from '../../../ui/chip.tsx'
import type { Status } from '../../../ui/status.ts'
import { useVersionFiles } from '../use-onboarding.ts'

type File = Schema<'VersionFile'>

const words = text.job.files
const looks = {
  here: { tone: 'pass', icon: 'circle-check', label: words.here, quiet: true },
  now: { tone: 'info', icon: 'loader', label: words.now, quiet: true },
  waits: { tone: 'part', icon: 'circle-dashed', label: words.waits, quiet: true },
  missing: { tone: 'part', icon: 'circle-dashed', label: words.missing, quiet: true },
} satisfies Record<string, Status>

/** The files of a download: which are here with the right digest, which come now. */
export function JobFiles({ versionId, current, open }: { versionId: string; current: string | null; open: boolean }) {
  const files = useVersionFiles(versionId, open)
  const items = files.data?.items ?? []
  if (items.length === 0) return null
  return (
    <section
      aria-label={words.title}
      className="mt-3 max-h-72 overflow-y-auto rounded-card border border-line bg-surface focus-visible:outline-offset-0"
      // The list scrolls, so the keyboard has to reach it.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <ul>
        {items.map((file) => (
          <li
            className="grid min-h-9 grid-cols-[minmax(0,1fr)_auto_7.5rem] items-center gap-3 border-b border-line px-3.5 py-1.5 text-xs last:border-b-0"
            key={file.path}
          >
            <code className="truncate" title={file.path}>
              {file.path}
            </code>
            <span className="text-fg-2">{sizeOf(file)}</span>
            <StatusText status={stateOf(file, current, open)} />
          </li>
        ))}
        {files.data?.nextCursor !== null && (
          <li className="px-3.5 py-2 text-xs text-fg-3">{words.first(count(items.length))}</li>
        )}
      </ul>
    </section>
  )
}

/** Of a file whose source does not say its size, nothing is known until it is here. */
const sizeOf = (file: File): string =>
  file.stored === 'pending' && file.size === 0 ? text.common.unknown : bytes(file.size)

const stateOf = (file: File, current: string | null, open: boolean): Status =>
  file.stored !== 'pending' ? looks.here : !open ? looks.missing : file.path === current ? looks.now : looks.waits
