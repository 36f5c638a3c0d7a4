import type { components } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import { pairs, table } from '../text/table.ts'
import { bytes, count } from '../text/units.ts'

/** Prints what the hub sees at a source. */
export function printSourceCheck(ctx: Context, check: components['schemas']['SourceCheck']): void {
  ctx.line(
    pairs([
      ['source', check.address],
      ['name', check.suggestedName],
      ['modality', check.suggestedModality],
      ['files', `${count(check.fileCount, 'file')}, ${bytes(check.totalBytes)}`],
      ['formats', check.formats.join(', ')],
      ['license', check.licenseTag ?? 'unknown'],
      ['disk', `needs ${bytes(check.disk.neededBytes)} of ${bytes(check.disk.freeBytes)} free`],
    ]),
  )
  ctx.line()
  const rows = check.files.map((file) => [bytes(file.size), file.format, file.path])
  ctx.line(table([{ title: 'SIZE', align: 'right' }, { title: 'FORMAT' }, { title: 'PATH' }], rows))
  if (check.fileCount > check.files.length) ctx.line(`… and ${check.fileCount - check.files.length} more`)
  for (const note of check.notes) {
    ctx.line(`${note.level}: ${note.message}`)
    if (note.remedy !== undefined) ctx.line(`  remedy: ${note.remedy}`)
  }
  ctx.line(check.ok ? 'Nothing stands in the way.' : 'A blocker stands in the way.')
}
