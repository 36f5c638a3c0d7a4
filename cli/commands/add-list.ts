import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { HubError, messageOf, redact } from '../../kernel/index.ts'
import { type components, HubApiError, unwrap } from '../../sdk/index.ts'
import type { Job, ModelVersion, Source } from '../api-types.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { nameOfSource, parseSource } from '../source-argument.ts'
import { table } from '../text/table.ts'
import { bytes, count } from '../text/units.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { wrongUse } from '../usage-error.ts'
import { onboardingExit, printOutcome } from './add-finish.ts'
import { type AddValues, createOne } from './add-one.ts'

/** As many as the hub reads of one list. */
const mostLines = 200
const mostCharacters = 100_000
const repository = /^[A-Za-z0-9][A-Za-z0-9._-]{0,95}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}(@[^\s?#\\]{1,255})?$/

type Check = components['schemas']['SourceCheck']
type Known = components['schemas']['SourceCandidate']['known']
type Problem = { code: string; message: string; remedy: string | null }

/** One line of the list on its way. */
type Row = {
  line: number
  text: string
  source: Source | null
  name: string | null
  known: Known
  problem: Problem | null
}

export type ListValues = AddValues & { list: string; again?: boolean | undefined; 'dry-run'?: boolean | undefined }

/**
 * Adds every source of a file, one job each. A line that cannot be read or is refused is named with its reason and stops none of the
 * others; what is here already is left out unless asked for again.
 *
 * @param withOptions the source with what the options of the command say about it
 */
export async function addList(
  ctx: Context,
  values: ListValues,
  withOptions: (source: Source) => Source,
): Promise<number> {
  const rows = readRows(await readList(ctx, values.list), ctx.folder, withOptions)
  if (rows.length === 0) throw wrongUse('The list names no source.', 'Write one source on a line; # begins a comment.')
  const hub = await ctx.hub()
  await findKnown(hub, rows)
  return values['dry-run'] === true ? await preview(ctx, hub, rows) : await register(ctx, hub, rows, values)
}

async function readList(ctx: Context, file: string): Promise<string> {
  const text =
    file === '-'
      ? await ctx.readInput()
      : await readFile(resolve(ctx.folder, file), 'utf8').catch((error: unknown) => {
          throw wrongUse(`The list cannot be read: ${messageOf(error)}.`, 'Check the path; - means standard input.')
        })
  if (text.length > mostCharacters) throw tooLong()
  return text
}

function readRows(list: string, folder: string, withOptions: (source: Source) => Source): Row[] {
  const rows: Row[] = []
  for (const [index, whole] of list.split(/\r?\n/).entries()) {
    const text = whole.replace(/(^|\s)#.*$/, '').trim()
    if (text === '') continue
    if (rows.length === mostLines) throw tooLong()
    rows.push(readRow(text, index + 1, folder, withOptions))
  }
  return rows
}

const tooLong = () => wrongUse(`The list is longer than ${mostLines} sources.`, 'Split it.')

function readRow(text: string, line: number, folder: string, withOptions: (source: Source) => Source): Row {
  const row: Row = { line, text: shown(text), source: null, name: null, known: [], problem: null }
  try {
    row.source = withOptions(parseLine(text, folder))
    row.name = nameOfSource(row.source) ?? null
    if (row.name === null) {
      row.problem = {
        code: 'no_name',
        message: 'No name can be made from this source.',
        remedy: 'Add it alone, with --name.',
      }
    }
  } catch (error) {
    row.problem = problemOf(error)
  }
  return row
}

/** `org/name` alone is a repository, as its page shows it, unless there is such a file here. */
function parseLine(text: string, folder: string): Source {
  try {
    return parseSource(text, folder)
  } catch (error) {
    if (repository.test(text)) return parseSource(`hf:${text}`, folder)
    throw error
  }
}

/** The query of an address may sign for whoever holds it. */
const shown = (text: string): string => (/^https?:/i.test(text) ? text.replace(/[?#].*$/s, '') : text)

async function findKnown(hub: Hub, rows: readonly Row[]): Promise<void> {
  const asked = rows.filter(({ source }) => source !== null)
  if (asked.length === 0) return
  const sources = asked.flatMap(({ source }) => source ?? [])
  const { candidates } = await unwrap(hub.client.POST('/sources/expand', { body: { sources } }))
  for (const candidate of candidates) {
    const row = candidate.index === null ? undefined : asked[candidate.index]
    if (row !== undefined) row.known = candidate.known
  }
}

async function preview(ctx: Context, hub: Hub, rows: readonly Row[]): Promise<number> {
  const looked: { row: Row; check: Check | null; problem: Problem | null }[] = []
  for (const row of rows) {
    if (row.source === null || row.problem !== null) looked.push({ row, check: null, problem: row.problem })
    else {
      try {
        const body = { source: row.source }
        looked.push({ row, check: await unwrap(hub.client.POST('/sources/check', { body })), problem: null })
      } catch (error) {
        looked.push({ row, check: null, problem: problemOf(error) })
      }
    }
  }
  const ok = looked.every(({ check }) => check?.ok === true)
  if (ctx.flags.json) {
    ctx.json({
      rows: looked.map(({ row, check, problem }) => ({
        line: row.line,
        text: row.text,
        name: row.name,
        known: row.known,
        check,
        problem,
      })),
    })
    return ok ? exitCodes.ok : exitCodes.refused
  }
  const titles = ['LINE', 'CHECK', 'FILES', 'SIZE', 'NAME', 'HERE ALREADY', 'SOURCE'].map((title) => ({ title }))
  ctx.line(
    table(
      titles,
      looked.map(({ row, check }) => [
        String(row.line),
        check === null ? 'unreadable' : check.ok ? 'ok' : 'blocked',
        check === null ? null : check.hosted === null ? count(check.fileCount, 'file') : 'hosted',
        check === null || check.hosted !== null ? null : sizeOf(check),
        row.name,
        knownWords(row.known),
        row.text,
      ]),
    ),
  )
  for (const { row, check, problem } of looked) {
    if (problem !== null) say(ctx, row, problem)
    for (const note of check?.notes.filter(({ level }) => level === 'blocker') ?? []) {
      say(ctx, row, { code: '', message: note.message, remedy: note.remedy ?? null })
    }
  }
  printRoom(
    ctx,
    looked.flatMap(({ check, row }) => (check?.ok === true && row.known.length === 0 ? [check] : [])),
  )
  return ok ? exitCodes.ok : exitCodes.refused
}

const sizeOf = (check: Check): string =>
  check.files.some(({ size }) => size === null) ? 'unknown' : bytes(check.totalBytes)

/** What all that would be taken needs together; a source that does not say its size is counted apart. */
function printRoom(ctx: Context, checks: readonly Check[]): void {
  const last = checks.at(-1)
  if (last === undefined) return
  const needed = checks.reduce((sum, { disk }) => sum + (disk.neededBytes ?? 0), 0)
  const unknown = checks.filter(({ disk }) => disk.neededBytes === null).length
  const rest = unknown === 0 ? '' : `, and what ${count(unknown, 'source')} of unknown size will need`
  ctx.line(
    `${count(checks.length, 'model')} to add: ${bytes(needed)}${rest}, of ${bytes(last.disk.freeBytes)} free on the disk of the store.`,
  )
}

type Outcome = { row: Row; version: ModelVersion | null; job: Job | null; problem: Problem | null }

async function register(ctx: Context, hub: Hub, rows: readonly Row[], values: ListValues): Promise<number> {
  const outcomes: Outcome[] = []
  for (const row of rows) {
    const outcome: Outcome = { row, version: null, job: null, problem: row.problem }
    outcomes.push(outcome)
    if (row.source === null || row.name === null || row.problem !== null) continue
    if (row.known.length > 0 && values.again !== true) continue
    try {
      const created = await createOne(hub, row.source, row.name, values)
      outcome.version = created.version
      outcome.job = created.job
      if (!ctx.flags.json) ctx.note(`line ${row.line}: ${created.version.modelName}@${created.version.number}`)
    } catch (error) {
      outcome.problem = problemOf(error)
    }
  }
  const codes: number[] = []
  for (const outcome of outcomes) codes.push(await settle(ctx, hub, outcome, values['no-wait'] === true))
  if (ctx.flags.json) {
    ctx.json({
      rows: outcomes.map(({ row, version, job, problem }) => ({
        line: row.line,
        text: row.text,
        known: row.known,
        version,
        job,
        problem,
      })),
    })
  }
  return Math.max(...codes)
}

/** Waits for the job of one row and says how it ended; its exit code. */
async function settle(ctx: Context, hub: Hub, outcome: Outcome, noWait: boolean): Promise<number> {
  const { row, version, job, problem } = outcome
  if (problem !== null) {
    say(ctx, row, problem)
    return exitCodes.refused
  }
  if (version === null) {
    if (!ctx.flags.json) ctx.line(`line ${row.line}: here already as ${knownWords(row.known)}; left out`)
    return exitCodes.ok
  }
  if (job === null || noWait) {
    if (!ctx.flags.json) for (const line of versionOutcome(version)) ctx.line(line)
    return exitCodes.ok
  }
  const ended = await waitForJob(ctx, hub, job.id)
  outcome.job = ended
  outcome.version = await printOutcome(ctx, hub, version.id, ended)
  return onboardingExit(outcome.version, ended)
}

const knownWords = ([newest]: Known): string | null =>
  newest === undefined ? null : `${newest.modelName}@${newest.number} ${newest.state}`

function say(ctx: Context, row: Row, { message, remedy }: Problem): void {
  if (ctx.flags.json) return
  ctx.line(`line ${row.line}: ${row.text}: ${message}`)
  if (remedy !== null) ctx.line(`  remedy: ${remedy}`)
}

/** What a person can act on; a lost hub or a defect is thrown on. */
function problemOf(error: unknown): Problem {
  if (error instanceof HubApiError && error.status !== 401) {
    const { problem } = error
    return { code: problem?.code ?? 'refused', message: error.message, remedy: problem?.remedy ?? null }
  }
  if (error instanceof HubError) {
    return { code: error.code, message: redact(error.message), remedy: error.remedy ?? null }
  }
  throw error
}
