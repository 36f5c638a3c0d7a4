import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { invalid } from '../../kernel/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { wrongUse } from '../usage-error.ts'
import { versionToChange } from '../version-reference.ts'

export const licenseAttach = defineCommand({
  name: 'license attach',
  summary: 'Attach a license text to a version, or link its terms; its own files stay as they are',
  args: ['<version>', '<file-or-url>'],
  options: {
    reason: { type: 'string', value: 'TEXT', description: 'Why; needed' },
    name: { type: 'string', value: 'NAME', description: 'Title, or the id of the license that a link is about' },
  },
  routes: ['attachLicense'],
  run: async (ctx, { values, positionals }) => {
    const [reference = '', given = ''] = positionals
    const { reason, name } = values
    if (reason === undefined || reason.trim() === '')
      throw wrongUse('Attaching a license needs its reason.', 'Add --reason "…".')
    const isLink = /^https?:\/\//.test(given)
    const content = isLink ? { url: given } : { text: await readText(resolve(ctx.folder, given)) }
    const hub = await ctx.hub()
    const id = await versionToChange(hub, reference)
    const attached = await unwrap(
      hub.client.POST('/versions/{id}/license/files', {
        params: { path: { id } },
        body: { ...content, reason, ...(name === undefined && isLink ? {} : { name: name ?? basename(given) }) },
      }),
    )
    if (ctx.flags.json) ctx.json(attached)
    else ctx.line(`attached ${attached.name} (${attached.id})`)
    return exitCodes.ok
  },
})

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw invalid('license_unreadable', `${file} cannot be read.`, 'Give a text file or an address.', { cause })
  }
}
