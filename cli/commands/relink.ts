import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { versionOutcome } from '../text/version-summary.ts'
import { wrongUse } from '../usage-error.ts'
import { versionToChange } from '../version-reference.ts'
import { finishVersionJob } from './version-job.ts'

export const relink = defineCommand({
  name: 'relink',
  summary: 'Give a version from a URL another address for the same file, such as a fresh signature',
  args: ['<version>', '<url>'],
  options: { 'no-wait': { type: 'boolean', description: 'Do not wait for the download that goes on' } },
  notes: ['What was downloaded before is kept. Exit code: as that of retry; 0 when nothing had to be started.'],
  routes: ['replaceVersionLink'],
  run: async (ctx, { values, positionals }) => {
    const [version = '', url = ''] = positionals
    if (!URL.canParse(url)) throw wrongUse('The address cannot be read.', 'Write it as https://host/path?….')
    const hub = await ctx.hub()
    const id = await versionToChange(hub, version)
    const replaced = await unwrap(
      hub.client.POST('/versions/{id}/source-url', { params: { path: { id } }, body: { url } }),
    )
    if (replaced.job !== null) return finishVersionJob(ctx, hub, id, replaced.job, values['no-wait'] !== true)
    if (ctx.flags.json) ctx.json(replaced)
    else for (const line of versionOutcome(replaced.version)) ctx.line(line)
    return exitCodes.ok
  },
})
