import { useState } from 'react'
import { count, exactUtc } from '../../format.ts'
import { cx } from '../../ui/cx.ts'
import { Icon } from '../../ui/icon.tsx'
import { Td, Tr } from '../../ui/table.tsx'
import type { AuditEvent } from './use-governance.ts'
import { governanceText } from './words.ts'

const words = governanceText.audit

/** One event; opened, it shows what changed and its place in the chain. */
export function AuditRow({ event }: { event: AuditEvent }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Tr className="relative" selected={open}>
        <Td numeric>
          <button
            aria-expanded={open}
            aria-label={words.details(count(event.seq))}
            className="inline-flex items-center gap-1.5 text-fg-2 after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
            onClick={() => setOpen(!open)}
            type="button"
          >
            {count(event.seq)}
            <Icon className={cx('transition-transform', open && 'rotate-90')} name="chevron-right" size={13} />
          </button>
        </Td>
        <Td className="whitespace-nowrap text-fg-2">
          <time dateTime={event.at}>{exactUtc(event.at).replace(' UTC', '')}</time>
        </Td>
        <Td className="max-w-48">
          <span className="block truncate">{event.actorName}</span>
          <span className="block truncate text-xs text-fg-3">{event.actorType}</span>
        </Td>
        <Td>
          <code className="text-xs">{event.action}</code>
        </Td>
        <Td className="max-w-72">
          <span className="block truncate" title={event.objectId}>
            {event.objectName ?? event.objectId}
          </span>
          <span className="block truncate text-xs text-fg-3">{event.objectType}</span>
        </Td>
        <Td className={event.outcome === 'denied' ? 'font-medium text-fail-fg' : 'text-fg-2'}>
          <span className="inline-flex items-center gap-1.5">
            <Icon
              className={event.outcome === 'denied' ? undefined : 'text-pass-fg'}
              name={event.outcome === 'denied' ? 'octagon' : 'circle-check'}
              size={14}
            />
            {words.outcomes[event.outcome]}
          </span>
        </Td>
      </Tr>
      {open && (
        <tr className="border-b border-line bg-sunken last:border-b-0">
          <td className="px-4 py-3" colSpan={6}>
            <Details event={event} />
          </td>
        </tr>
      )}
    </>
  )
}

function Details({ event }: { event: AuditEvent }) {
  const json = [
    [words.before, event.before],
    [words.after, event.after],
    [words.evidence, event.evidence],
  ] as const
  return (
    <div className="grid gap-3">
      {event.reason !== null && (
        <p>
          <span className="text-fg-3">{words.reason}: </span>
          {event.reason}
        </p>
      )}
      <div className="grid gap-3 md:grid-cols-3">
        {json
          .filter(([, value]) => value !== null)
          .map(([label, value]) => (
            <div className="min-w-0" key={label}>
              <p className="mb-1 text-xs text-fg-2">{label}</p>
              <pre className="rounded-control border border-line bg-surface p-2.5 text-xs break-words whitespace-pre-wrap">
                {JSON.stringify(value, null, 2)}
              </pre>
            </div>
          ))}
      </div>
      <dl className="grid gap-1 text-xs text-fg-2 md:grid-cols-[8rem_1fr]">
        {event.requestId !== null && (
          <>
            <dt>{words.request}</dt>
            <dd>
              <code className="break-all">{event.requestId}</code>
            </dd>
          </>
        )}
        <dt>{words.hash}</dt>
        <dd>
          <code className="break-all">{event.hash}</code>
        </dd>
        <dt>{words.previous}</dt>
        <dd>
          <code className="break-all">{event.previousHash}</code>
        </dd>
      </dl>
    </div>
  )
}
