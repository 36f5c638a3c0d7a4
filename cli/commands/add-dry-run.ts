import { type components, unwrap } from '../../sdk/index.ts'
import type { Source } from '../api-types.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Hub } from '../hub.ts'
import { hostedCheckPairs } from '../text/hosted.ts'
import { pairs, table } from '../text/table.ts'
import { bytes, count } from '../text/units.ts'
import { stateText } from '../text/version-summary.ts'

/** Prints what the hub sees at a source. */
export function printSourceCheck(ctx: Context, check: components['schemas']['SourceCheck']): void {
  ctx.line(
    pairs([
      ['source', check.address],
      ['name', check.suggestedName],
      ['modality', check.suggestedModality],
      ...(check.hosted === null ? filePairs(check) : hostedCheckPairs(check.hosted)),
      ...(check.disk.alreadyStoredBytes > 0
        ? [['stored', `${bytes(check.disk.alreadyStoredBytes)} are in the store already`] as const]
        : []),
      ...(check.remote === null ? [] : remoteRows(check.remote)),
    ]),
  )
  for (const { modelName, number, state } of check.known) {
    ctx.line(`here already: ${modelName}@${number} ${stateText(state)}`)
  }
  if (check.hosted === null) printFiles(ctx, check)
  for (const note of check.notes) {
    ctx.line(`${note.level}: ${note.message}`)
    if (note.remedy !== undefined) ctx.line(`  remedy: ${note.remedy}`)
  }
  ctx.line(check.ok ? 'Nothing stands in the way.' : 'A blocker stands in the way.')
}

/** True where the files were not seen: what stands in the way stands before them. */
const unseen = (check: Check): boolean => !check.ok && check.fileCount === 0

const filePairs = (check: Check): [string, string | null][] => [
  ['files', unseen(check) ? 'unknown' : `${count(check.fileCount, 'file')}, ${bytes(check.totalBytes)}`],
  ['formats', unseen(check) ? 'unknown' : check.formats.join(', ')],
  ['license', check.licenseTag ?? 'unknown'],
  ['disk', `needs ${size(check.disk.neededBytes)} of ${bytes(check.disk.freeBytes)} free`],
]

function printFiles(ctx: Context, check: Check): void {
  if (unseen(check)) return
  ctx.line()
  const rows = check.files.map((file) => [size(file.size), file.format, file.path])
  ctx.line(table([{ title: 'SIZE', align: 'right' }, { title: 'FORMAT' }, { title: 'PATH' }], rows))
  if (check.fileCount > check.files.length) ctx.line(`… and ${check.fileCount - check.files.length} more`)
}

const size = (value: number | null) => (value === null ? 'unknown' : bytes(value))

type Check = components['schemas']['SourceCheck']
type Remote = NonNullable<Check['remote']>

const remoteRows = (remote: Remote): [string, string | null][] => [
  ['pinned', remote.pinned],
  [
    'access',
    [remote.gated === true ? 'gated' : '', remote.private === true ? 'private' : ''].filter(Boolean).join(', ') || null,
  ],
  ['resumable', remote.resumable === null ? 'unknown' : remote.resumable ? 'yes' : 'no'],
  ['expires', remote.expiresAt],
]

/** What a glob gives on the hub's machine. */
export async function expandGlob(hub: Hub, glob: string): Promise<Source[]> {
  const { candidates } = await unwrap(hub.client.POST('/sources/expand', { body: { glob } }))
  return candidates.flatMap(({ source }) => (source === null ? [] : [source]))
}

/** Looks at many sources, one after the other, and says of each whether something stands in the way and whether it is here already. */
export async function printChecks(ctx: Context, hub: Hub, sources: readonly Source[]): Promise<number> {
  const { candidates } = await unwrap(hub.client.POST('/sources/expand', { body: { sources: [...sources] } }))
  const checks: components['schemas']['SourceCheck'][] = []
  for (const source of sources) checks.push(await unwrap(hub.client.POST('/sources/check', { body: { source } })))
  if (ctx.flags.json) ctx.json({ candidates, checks })
  else {
    const rows = checks.map((check, at) => {
      const known = candidates[at]?.known[0]
      return [
        check.ok ? 'ok' : 'blocked',
        check.hosted !== null ? 'hosted' : unseen(check) ? 'unknown' : count(check.fileCount, 'file'),
        check.hosted !== null || unseen(check) ? null : bytes(check.totalBytes),
        check.suggestedName,
        known === undefined ? null : `${known.modelName}@${known.number} ${known.state}`,
        check.address,
      ]
    })
    const titles = ['CHECK', 'FILES', 'SIZE', 'NAME', 'HERE ALREADY', 'SOURCE'].map((title) => ({ title }))
    ctx.line(table(titles, rows))
    for (const check of checks) {
      for (const note of check.notes.filter(({ level }) => level === 'blocker')) {
        ctx.line(`${check.address}: ${note.message}`)
        if (note.remedy !== undefined) ctx.line(`  remedy: ${note.remedy}`)
      }
    }
  }
  return checks.every(({ ok }) => ok) ? exitCodes.ok : exitCodes.refused
}
