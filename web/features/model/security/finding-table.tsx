import { useEffect, useRef, useState } from 'react'
import { count, day } from '../../../format.ts'
import { Button } from '../../../ui/button.tsx'
import { Tag } from '../../../ui/chip.tsx'
import { ShowMore } from '../../../ui/more.tsx'
import { SeverityChip } from '../../../ui/severity.tsx'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { whereOf } from './finding.ts'
import type { Finding } from './use-security.ts'
import { findingWords as words } from './words.ts'

/** Rows drawn at once: a scan may hold many thousand findings. */
const step = 100

export function FindingTable({
  findings,
  chosen,
  fresh,
  endOf,
  onChoose,
}: {
  findings: readonly Finding[]
  chosen: string | undefined
  /** Ids of findings that the scan before did not have. */
  fresh: ReadonlySet<string>
  /** When the waiver of a finding ends; null: it is not waived, or without an end. */
  endOf: (finding: Finding) => string | null
  onChoose: (id: string) => void
}) {
  const [range, setRange] = useState({ from: 0, to: step })
  const at = findings.findIndex(({ id }) => id === chosen)
  const next = around(range, at)
  if (next !== range) setRange(next)
  const { from, to } = next
  const shown = findings.slice(from, to)
  return (
    <div className="grid grid-cols-1 gap-2">
      {from > 0 && (
        <Button icon="arrow-up" onClick={() => setRange({ from: Math.max(0, from - step), to })} small>
          {words.earlier(count(from))}
        </Button>
      )}
      <Table caption={words.caption} rowCount={findings.length + 1}>
        <thead>
          <tr>
            <Th>{words.columns.severity}</Th>
            <Th>{words.columns.finding}</Th>
            <Th className="max-md:hidden">{words.columns.where}</Th>
            <Th className="max-md:hidden">{words.columns.status}</Th>
          </tr>
        </thead>
        <tbody>
          {shown.map((finding, index) => (
            <Row
              end={endOf(finding)}
              finding={finding}
              index={from + index + 2}
              isNew={fresh.has(finding.id)}
              key={finding.id}
              onOpen={() => onChoose(finding.id)}
              open={finding.id === chosen}
            />
          ))}
        </tbody>
      </Table>
      {findings.length > step && (
        <ShowMore
          busy={false}
          hasMore={to < findings.length}
          onMore={() => setRange({ from, to: to + step })}
          shown={shown.length}
          total={findings.length}
        />
      )}
    </div>
  )
}

/** The rows to draw so that the chosen one is among them: the next ones join, a far one brings its own neighbours. */
function around(range: { from: number; to: number }, at: number): { from: number; to: number } {
  const { from, to } = range
  if (at < 0 || (at >= from && at < to)) return range
  const page = Math.floor(at / step) * step
  if (at >= to && at < to + step) return { from, to: to + step }
  if (at < from && at >= from - step) return { from: Math.max(0, from - step), to }
  return { from: page, to: page + step }
}

function Row({
  finding,
  index,
  open,
  isNew,
  end,
  onOpen,
}: {
  finding: Finding
  /** Of the row in the whole table, the head being the first. */
  index: number
  open: boolean
  isNew: boolean
  end: string | null
  onOpen: () => void
}) {
  const row = useRef<HTMLTableRowElement>(null)
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  const status = end === null ? words.status[finding.status] : words.waivedTo(day(end))
  return (
    <Tr aria-rowindex={index} className="relative h-13 scroll-my-16" ref={row} selected={open}>
      <Td className="w-28 align-middle">
        <SeverityChip severity={finding.severity} />
      </Td>
      <Td className="max-w-96">
        <button
          aria-expanded={open}
          className="block max-w-full text-left font-medium break-words after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
          onClick={onOpen}
          type="button"
        >
          {finding.title}
        </button>
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="text-xs text-fg-3">{finding.ruleId}</code>
          {isNew && <Tag>{words.isNew}</Tag>}
          {finding.status !== 'open' && <span className="text-xs text-fg-3 md:hidden">{status}</span>}
        </span>
        <code className="block text-xs break-all text-fg-3 md:hidden">{finding.path}</code>
      </Td>
      <Td className="max-w-72 max-md:hidden">
        <code className="block truncate text-xs" title={finding.path}>
          {finding.path}
        </code>
        <code className="block truncate text-xs text-fg-3" title={whereOf(finding)}>
          {whereOf(finding)}
        </code>
      </Td>
      <Td
        className={
          finding.status === 'open' ? 'font-medium whitespace-nowrap max-md:hidden' : 'text-fg-2 max-md:hidden'
        }
      >
        {status}
      </Td>
    </Tr>
  )
}
