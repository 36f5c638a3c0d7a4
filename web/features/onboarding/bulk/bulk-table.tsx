import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { HubApiError } from '../../../../sdk/index.ts'
import { bytes } from '../../../format.ts'
import { text } from '../../../text.ts'
import { TextButton } from '../../../ui/button.tsx'
import { StatusText } from '../../../ui/chip.tsx'
import { Input } from '../../../ui/field.tsx'
import { Sentence } from '../../../ui/sentence.tsx'
import type { Status } from '../../../ui/status.ts'
import { Table, Td, Th, Tr } from '../../../ui/table.tsx'
import { readable } from '../check/check-words.ts'
import { nameProblem } from '../wizard/name-problem.ts'
import { bulk, wizard } from '../words.ts'
import { type BulkRow, isBlocked, isOpenRow, sharedNames } from './bulk-rows.ts'

const words = bulk

type Patch = (key: string, change: Partial<BulkRow>) => void

/** Every row with what the hub found; what cannot be taken says why. */
export function BulkTable({
  rows,
  patch,
  onTakeAll,
  onRecheck,
  onRetry,
}: {
  rows: readonly BulkRow[]
  patch: Patch
  onTakeAll: (take: boolean) => void
  onRecheck: (row: BulkRow) => void
  onRetry: (row: BulkRow) => void
}) {
  const open = rows.filter((row) => isOpenRow(row) && !isBlocked(row) && !row.twice)
  const shared = sharedNames(rows)
  return (
    <Table caption={words.caption}>
      <thead>
        <tr>
          <Th className="w-10">
            <input
              aria-label={words.takeAll}
              checked={open.length > 0 && open.every(({ take }) => take)}
              className="check align-middle"
              onChange={(event) => onTakeAll(event.target.checked)}
              type="checkbox"
            />
          </Th>
          <Th>{words.columns.source}</Th>
          <Th className="max-md:hidden">{words.columns.name}</Th>
          <Th className="max-md:hidden" numeric>
            {words.columns.size}
          </Th>
          <Th className="max-xl:hidden">{words.columns.license}</Th>
          <Th className="max-md:hidden">{words.columns.result}</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.key}
            onRecheck={() => onRecheck(row)}
            onRetry={() => onRetry(row)}
            patch={patch}
            row={row}
            shared={row.take && shared.has(row.name.toLowerCase())}
          />
        ))}
      </tbody>
    </Table>
  )
}

function Row({
  row,
  patch,
  shared,
  onRecheck,
  onRetry,
}: {
  row: BulkRow
  patch: Patch
  shared: boolean
  onRecheck: () => void
  onRetry: () => void
}) {
  const found = row.check.state === 'done' ? row.check.found : undefined
  const canTake = isOpenRow(row) && !isBlocked(row)
  const size =
    found === undefined || found.hosted !== null || found.fileCount === 0
      ? text.common.notApplicable
      : found.files.some((file) => file.size === null)
        ? text.common.unknown
        : bytes(found.totalBytes)
  const name = row.source !== null && <NameBox open={isOpenRow(row)} patch={patch} row={row} shared={shared} />
  const result = <Result onRecheck={onRecheck} onRetry={onRetry} row={row} />
  return (
    <Tr className="align-top" data-row>
      <Td className="pt-3">
        <input
          aria-label={words.takeOne(row.label)}
          checked={row.take && canTake}
          className="check disabled:opacity-40"
          disabled={!canTake}
          onChange={(event) => patch(row.key, { take: event.target.checked })}
          type="checkbox"
        />
      </Td>
      <Td className="py-2.5 md:max-w-80 md:min-w-52">
        <code className="block text-xs [overflow-wrap:anywhere]">{row.label}</code>
        {row.known[0] !== undefined && (
          <span className="mt-0.5 block text-xs text-fg-3">
            {words.here(`${row.known[0].modelName} ${text.common.version(row.known[0].number)}`)}
          </span>
        )}
        {row.credential !== null && (
          <span className="mt-0.5 block text-xs text-fg-3">{words.with(row.credential)}</span>
        )}
        <div className="mt-2 grid gap-2 md:hidden">
          {name}
          <span className="text-xs text-fg-2">{size}</span>
          {result}
        </div>
      </Td>
      <Td className="max-md:hidden lg:w-52 xl:w-60">{name}</Td>
      <Td className="pt-2.5 text-fg-2 max-md:hidden" numeric>
        {size}
      </Td>
      <Td className="pt-2.5 text-fg-2 max-xl:hidden">
        {found === undefined || found.hosted !== null || found.fileCount === 0
          ? text.common.notApplicable
          : (found.licenseTag ?? wizard.checkLicenseNone)}
      </Td>
      <Td className="max-w-80 pt-2.5 max-md:hidden">{result}</Td>
    </Tr>
  )
}

function NameBox({ row, patch, shared, open }: { row: BulkRow; patch: Patch; shared: boolean; open: boolean }) {
  const problem = row.take ? nameProblem(row.name) : undefined
  const id = useId()
  if (!open || isBlocked(row)) return <span className="block pt-1 break-words">{row.name}</span>
  return (
    <>
      <Input
        aria-describedby={problem === undefined && !shared ? undefined : `${id}-note`}
        aria-invalid={problem === undefined ? undefined : true}
        aria-label={words.nameOf(row.label)}
        autoComplete="off"
        maxLength={193}
        onChange={(event) => patch(row.key, { name: event.target.value.trim() })}
        spellCheck={false}
        value={row.name}
      />
      {(problem !== undefined || shared) && (
        <span
          className={`mt-1 block text-xs ${problem === undefined ? 'text-warn-fg' : 'text-fail-fg'}`}
          id={`${id}-note`}
        >
          {problem ?? words.sameName}
        </span>
      )}
    </>
  )
}

const statuses = {
  waiting: { tone: 'part', icon: 'circle-dashed', label: words.waiting, quiet: true },
  running: { tone: 'info', icon: 'loader', label: words.checking, quiet: true },
  ok: { tone: 'pass', icon: 'circle-check', label: words.ok, quiet: true },
  twice: { tone: 'part', icon: 'minus', label: words.twice, quiet: true },
  problem: { tone: 'fail', icon: 'octagon', label: words.problem, quiet: false },
  failed: { tone: 'fail', icon: 'octagon', label: words.failed, quiet: false },
  started: { tone: 'pass', icon: 'circle-check', label: words.started, quiet: true },
} satisfies Record<string, Status>

function Result({ row, onRecheck, onRetry }: { row: BulkRow; onRecheck: () => void; onRetry: () => void }) {
  const { result, check } = row
  if (result.state === 'started') {
    return (
      <span className="inline-flex flex-wrap items-center gap-x-3">
        <StatusText status={statuses.started} />
        {result.jobId !== '' && (
          <Link
            className="rounded-tag font-medium text-accent-fg hover:underline"
            params={{ jobId: result.jobId }}
            to="/onboarding/$jobId"
          >
            {words.follow}
          </Link>
        )}
      </span>
    )
  }
  if (result.state === 'sending') return <StatusText status={statuses.running} />
  if (result.state === 'failed') return <Refusal again={onRetry} error={result.error} status={statuses.failed} />
  if (row.problem !== null) {
    return <Said remedy={row.problem.remedy} status={statuses.problem} words={row.problem.message} />
  }
  if (check.state === 'waiting') return <StatusText status={statuses.waiting} />
  if (check.state === 'running') return <StatusText status={statuses.running} />
  if (check.state === 'failed') return <Refusal again={onRecheck} error={check.error} status={statuses.problem} />
  const blocker = check.found.notes.find(({ level }) => level === 'blocker')
  if (blocker !== undefined) {
    return (
      <>
        <Said remedy={blocker.remedy ?? null} status={statuses.problem} words={blocker.message} />
        <TextButton className="justify-self-start text-xs" onClick={onRecheck}>
          {wizard.checkAgain}
        </TextButton>
      </>
    )
  }
  const doubts = check.found.notes.filter(({ level }) => level === 'doubt')
  if (row.twice) return <StatusText status={statuses.twice} />
  if (doubts.length === 0) return <StatusText status={statuses.ok} />
  return (
    <details>
      <summary className="cursor-pointer rounded-tag">
        <StatusText status={{ ...statuses.ok, tone: 'warn', icon: 'alert', label: words.doubts(doubts.length) }} />
      </summary>
      <ul className="mt-1 grid gap-1 text-xs text-fg-2">
        {doubts.map((note) => (
          <li className="break-words" key={note.message}>
            <Sentence>{readable(`${note.message} ${note.remedy ?? ''}`)}</Sentence>
          </li>
        ))}
      </ul>
    </details>
  )
}

function Refusal({ error, status, again }: { error: unknown; status: Status; again: () => void }) {
  const problem = error instanceof HubApiError ? error.problem : undefined
  return (
    <>
      <Said
        remedy={problem?.remedy ?? null}
        status={status}
        words={
          problem?.detail ?? (error instanceof HubApiError ? text.problem.status(error.status) : text.problem.offline)
        }
      />
      <TextButton className="justify-self-start text-xs" onClick={again}>
        {words.retry}
      </TextButton>
    </>
  )
}

function Said({ status, words: sentence, remedy }: { status: Status; words: string; remedy: string | null }) {
  return (
    <span className="block">
      <StatusText status={status} />
      <span className="mt-0.5 block text-xs [overflow-wrap:anywhere] text-fg-2">
        <Sentence>{readable(`${sentence} ${remedy ?? ''}`)}</Sentence>
      </span>
    </span>
  )
}
