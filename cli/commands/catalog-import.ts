import { open } from 'node:fs/promises'
import type { components } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printCatalogImport } from '../text/catalog-import.ts'
import { wrongUse } from '../usage-error.ts'

/** What the hub takes at once. */
const mostBytes = 16 << 20

export const catalogImport = defineCommand({
  name: 'catalog import',
  summary: 'Take in a file of offerings in the format of models.dev',
  args: ['<file>'],
  options: { date: { type: 'string', value: 'YYYY-MM-DD', description: 'Day of the snapshot; today otherwise' } },
  routes: ['importOfferings'],
  run: async (ctx, { positionals, values }) => {
    const document = await readDocument(positionals[0] ?? '')
    const query = new URLSearchParams(values.date === undefined ? {} : { date: values.date })
    const hub = await ctx.hub()
    const answer = (await hub.send(
      'post',
      '/offerings/import',
      query,
      document,
    )) as components['schemas']['CatalogImport']
    if (ctx.flags.json) ctx.json(answer)
    else printCatalogImport(ctx, answer)
    return answer.problemCount === 0 ? exitCodes.ok : exitCodes.refused
  },
})

async function readDocument(path: string): Promise<object> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw wrongUse(`${path} cannot be read: ${error.code ?? error.message}.`)
  })
  try {
    if ((await file.stat()).size > mostBytes) throw wrongUse(`${path} is larger than 16 MiB.`)
    const value: unknown = JSON.parse(await file.readFile('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  } finally {
    await file.close()
  }
  throw wrongUse(`${path} is no catalog.`, 'Give providers.json or api.json of models.dev.')
}
