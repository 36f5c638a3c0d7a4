import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { invalid } from '../../kernel/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { present } from '../present.ts'
import { versionToChange } from '../version-reference.ts'

export const signaturesAdd = defineCommand({
  name: 'signatures add',
  summary: 'Check a signature that came by another way than the files, and keep it with the version',
  args: ['<version>', '<file>'],
  options: {},
  notes: ['Exit code: 0 verified, 1 not verified, refused or failed, 3 wrong use.'],
  routes: ['addVersionSignature'],
  run: async (ctx, { positionals }) => {
    const [reference = '', file = ''] = positionals
    const bundle = await readJson(resolve(ctx.folder, file))
    const hub = await ctx.hub()
    const id = await versionToChange(hub, reference)
    const params = { path: { id } }
    const added = present(
      await unwrap(hub.client.POST('/versions/{id}/signatures', { params, body: { bundle } })),
      'the signature',
    )
    if (ctx.flags.json) ctx.json(added)
    else {
      ctx.line(`${added.status.replaceAll('_', ' ')}: ${added.message}`)
      if (added.remedy !== null) ctx.line(added.remedy)
    }
    return added.status === 'verified' ? exitCodes.ok : exitCodes.refused
  },
})

async function readJson(file: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    throw new Error('no object')
  } catch (cause) {
    throw invalid('signature_unreadable', `${file} holds no Sigstore bundle.`, 'Give the file of the signature.', {
      cause,
    })
  }
}
