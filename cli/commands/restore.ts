import { resolve } from 'node:path'
import type { RestoreSummary } from '../../server/backup/index.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { noteInPlace, viewOf } from '../jobs/backup-view.ts'
import { readProduct } from '../product.ts'
import { pairs } from '../text/table.ts'
import { bytes, count } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

export const restore = defineCommand({
  name: 'restore',
  summary: 'Restore a backup into a data folder that no hub is using',
  args: ['<backup>'],
  options: {
    data: { type: 'string', value: 'FOLDER', description: 'The data folder; MODELHUB_DATA otherwise' },
    replace: { type: 'boolean', description: 'Move what is in the data folder aside; it is not deleted' },
  },
  notes: [
    'Everything is copied and checked first: digests, the database, the audit trail. What is damaged changes nothing.',
    'Changes made after the backup are gone: a key that was revoked since then works again and must be revoked again.',
    'Exit code: 0 restored, 2 restored but the hub had lost stored files or its audit trail before, 1 nothing was changed.',
  ],
  routes: [],
  run: async (ctx, { values, positionals }) => {
    const [folder] = positionals
    if (folder === undefined) throw wrongUse('Which backup shall be restored?')
    const { readConfig } = await import('../../server/platform/config.ts')
    const { createLog } = await import('../../server/platform/log.ts')
    const { needsPgDump, restoreBackup } = await import('../../server/backup/index.ts')
    const config = readConfig({ ...ctx.environment.variables })
    if (config.databaseUrl !== undefined) throw needsPgDump()
    const view = viewOf(ctx)
    let summary: RestoreSummary
    try {
      summary = await restoreBackup(
        {
          backup: resolve(ctx.folder, folder),
          dataFolder: resolve(ctx.folder, values.data ?? ctx.environment.data),
          replace: values.replace === true,
          secretKey: config.secretKey,
          hubVersion: readProduct().version,
          clock: ctx.clock,
          log: createLog({ level: 'silent', name: 'restore' }),
        },
        view,
      )
    } finally {
      view.end()
    }
    if (ctx.flags.json) ctx.json(summary)
    else print(ctx, summary)
    return summary.lostBlobs.length > 0 || !summary.audit.ok ? exitCodes.needsAttention : exitCodes.ok
  },
})

function print(ctx: Context, summary: RestoreSummary): void {
  ctx.line(
    pairs([
      ['restored', summary.dataFolder],
      ['as of', summary.instant],
      ['by hub', `${summary.hubVersion}, schema ${summary.schema}`],
      ['holds', `${bytes(summary.bytes)}, ${count(summary.blobs, 'stored file')}`],
      ['manifest', `sha256 ${summary.digest}`],
      ['audit trail', summary.audit.message],
      ['before', summary.aside === null ? null : `moved to ${summary.aside}`],
    ]),
  )
  if (summary.secretKey === 'outside') ctx.note('Start the hub with the same MODELHUB_SECRET_KEY.')
  if (summary.inPlace.length > 0) noteInPlace(ctx, summary.inPlace)
  if (summary.lostBlobs.length > 0) {
    ctx.note(
      `${count(summary.lostBlobs.length, 'stored file')} had been lost before the backup: modelhub storage scrub`,
    )
  }
  ctx.note('Keys and tokens that were revoked after the backup work again: revoke them again.')
}
