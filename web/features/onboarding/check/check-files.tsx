import { bytes, count, dayTime, percent } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Tag } from '../../../ui/chip.tsx'
import { cx } from '../../../ui/cx.ts'
import type { SourceCheck } from '../use-onboarding.ts'
import { wizard } from '../words.ts'

/** Files, sizes and room: what a source of files would bring. */
export function CheckFiles({ check }: { check: SourceCheck }) {
  const { remote } = check
  if (check.fileCount === 0 && check.formats.length === 0) return null
  return (
    <>
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-2 border-t border-line px-4 py-3">
        <dt className="text-fg-3">{wizard.fileList}</dt>
        <dd>{sizeWords(check)}</dd>
        <dt className="text-fg-3">{wizard.checkFormats}</dt>
        <dd className="break-words">{check.formats.length === 0 ? text.common.unknown : check.formats.join(', ')}</dd>
        <dt className="text-fg-3">{wizard.checkLicense}</dt>
        <dd>{check.licenseTag ?? wizard.checkLicenseNone}</dd>
        {remote !== null && <RemoteFacts remote={remote} />}
      </dl>
      {check.files.length > 0 && (
        <ul
          aria-label={wizard.fileList}
          className="max-h-44 overflow-y-auto border-t border-line px-4 py-2 text-xs focus-visible:-outline-offset-2"
          // The list scrolls, so the keyboard has to reach it.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {check.files.map((file) => (
            <li className="flex gap-3 py-1" key={file.path}>
              <code className="min-w-0 grow break-all">{file.path}</code>
              <span className="text-fg-3">{file.format}</span>
              {file.size === null ? (
                <span className="shrink-0 text-fg-3">{text.common.unknown}</span>
              ) : (
                <span className="shrink-0" title={`${count(file.size)} bytes`}>
                  {bytes(file.size)}
                </span>
              )}
            </li>
          ))}
          {check.fileCount > check.files.length && (
            <li className="py-1 text-fg-3">{wizard.moreFiles(count(check.fileCount - check.files.length))}</li>
          )}
        </ul>
      )}
      <div className="border-t border-line px-4 py-3">
        <Room disk={check.disk} />
      </div>
    </>
  )
}

/** How many files, and how large as far as the source says. */
export function sizeWords(check: Pick<SourceCheck, 'fileCount' | 'totalBytes' | 'files'>): string {
  const files = text.common.files(check.fileCount)
  const unknown = check.files.some(({ size }) => size === null)
  if (!unknown) return wizard.checkFiles(files, bytes(check.totalBytes))
  return check.totalBytes === 0 ? wizard.sizeUnknown(files) : wizard.sizeAtLeast(files, bytes(check.totalBytes))
}

function RemoteFacts({ remote }: { remote: NonNullable<SourceCheck['remote']> }) {
  const access = [remote.gated === true ? wizard.gated : '', remote.private === true ? wizard.private : ''].filter(
    (word) => word !== '',
  )
  return (
    <>
      {remote.pinned !== null && (
        <>
          <dt className="text-fg-3">{remote.gated === null ? wizard.entityTag : wizard.pinned}</dt>
          <dd className="min-w-0 truncate">
            <code className="text-xs" title={remote.pinned}>
              {/^[0-9a-f]{40}$/.test(remote.pinned)
                ? `${remote.pinned.slice(0, 12)}…`
                : remote.pinned.replaceAll('"', '')}
            </code>
          </dd>
        </>
      )}
      {remote.gated !== null && (
        <>
          <dt className="text-fg-3">{wizard.access}</dt>
          <dd className="flex flex-wrap gap-1.5">
            {access.length === 0 ? wizard.open : access.map((word) => <Tag key={word}>{word}</Tag>)}
          </dd>
        </>
      )}
      <dt className="text-fg-3">{wizard.resumable}</dt>
      <dd>{remote.resumable === null ? text.common.unknown : remote.resumable ? wizard.resumes : wizard.resumesNot}</dd>
      {remote.expiresAt !== null && (
        <>
          <dt className="text-fg-3">{wizard.expires}</dt>
          <dd>
            <time dateTime={remote.expiresAt} title={remote.expiresAt}>
              {dayTime(remote.expiresAt)}
            </time>
          </dd>
        </>
      )}
    </>
  )
}

/** What the store needs against what is free there; the bar is drawn only when both are known. */
export function Room({ disk }: { disk: SourceCheck['disk'] }) {
  const { neededBytes: needed, freeBytes: free, alreadyStoredBytes: stored } = disk
  const share = percent(needed, free)
  const tight = needed !== null && needed > free
  return (
    <div className="grid gap-2 text-xs">
      <p className={cx(tight ? 'font-medium text-fail-fg' : 'text-fg-2')}>
        {needed === null
          ? wizard.storeUnknown(bytes(free))
          : needed === 0
            ? wizard.checkStoreNone(bytes(free))
            : tight
              ? wizard.storeShort(bytes(needed), bytes(free))
              : wizard.checkStore(bytes(needed), bytes(free), bytes(free - needed))}
        {stored > 0 && ` ${wizard.stored(bytes(stored))}`}
      </p>
      {needed !== null && needed > 0 && (
        <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line">
          <div
            className={cx('h-full rounded-full', tight ? 'bg-fail-fg' : 'bg-accent')}
            style={{ width: `${Math.max(1, share ?? 100)}%` }}
          />
        </div>
      )}
    </div>
  )
}
