import { connect } from 'node:net'
import { messageOf } from '../../kernel/index.ts'
import type { components } from '../../sdk/index.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { locateHub } from '../locate-hub.ts'
import { readProduct } from '../product.ts'
import { pairs } from '../text/table.ts'

/** A hub that does not answer at once is not waited for (ms). */
const patienceMs = 1_000

export const version = defineCommand({
  name: 'version',
  summary: 'Show the version of this program, its Node and the hub it reaches',
  args: [],
  options: {},
  routes: ['getVersionInfo'],
  run: async (ctx) => {
    const product = readProduct()
    const found = await ask(ctx)
    if (ctx.flags.json) {
      ctx.json({ version: product.version, node: process.versions.node, hub: found.info ?? null })
      return exitCodes.ok
    }
    const { info } = found
    const hub =
      info === undefined
        ? `none at ${found.url} (${found.why})`
        : `${info.version} at ${found.url} (Node ${info.node}, database ${info.database}, ruleset ${info.ruleset})`
    ctx.line(
      pairs([
        ['modelhub', product.version],
        ['node', process.versions.node],
        ['hub', hub],
      ]),
    )
    return exitCodes.ok
  },
})

type Found = { url: string; info: components['schemas']['VersionInfo'] | undefined; why: string }

async function ask(ctx: Context): Promise<Found> {
  const { url } = locateHub(ctx.environment)
  if (!(await listens(url))) return { url, info: undefined, why: 'no answer' }
  try {
    const [{ unwrap }, hub] = await Promise.all([import('../../sdk/index.ts'), ctx.hub()])
    const info = await unwrap(hub.client.GET('/version', { signal: AbortSignal.timeout(patienceMs) }))
    return { url, info, why: '' }
  } catch (error) {
    return { url, info: undefined, why: messageOf(error) }
  }
}

/** Whether anything listens there: a look that costs a tenth of loading the HTTP client when nothing does. */
async function listens(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url)
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    timeout: patienceMs,
  })
  const answered = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('timeout', () => resolve(false))
    socket.once('error', () => resolve(false))
  })
  socket.destroy()
  return answered
}
