import { messageOf } from '../../kernel/index.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { type Check, fail } from '../doctor/check.ts'
import { hubChecks, speaksOurs } from '../doctor/hub-checks.ts'
import { localChecks } from '../doctor/local-checks.ts'
import { networkHosts } from '../doctor/network-hosts.ts'
import { portChecks } from '../doctor/port-checks.ts'
import { exitCodes } from '../exit-codes.ts'
import { readProduct } from '../product.ts'
import { table } from '../text/table.ts'

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check this machine and the hub; say what to do about what is wrong',
  args: [],
  options: { network: { type: 'boolean', description: 'List every host the hub may contact, and why' } },
  notes: ['Exit code: 1 when a check fails.'],
  routes: ['getVersionInfo'],
  run: async (ctx, { values }) => {
    if (values.network === true) return network(ctx)
    const checks = [
      ...localChecks(readProduct(), ctx.environment.data),
      ...(await ports(ctx)),
      ...(await hubChecks(await ctx.hub())),
    ]
    if (ctx.flags.json) ctx.json({ checks })
    else for (const check of checks) printCheck(ctx, check)
    return checks.some((check) => check.status === 'fail') ? exitCodes.refused : exitCodes.ok
  },
})

async function ports(ctx: Context): Promise<Check[]> {
  const { readConfig } = await import('../../server/platform/config.ts')
  try {
    const config = readConfig({ ...ctx.environment.variables })
    const wanted = [
      { name: 'port', port: config.port, variable: 'MODELHUB_PORT' },
      { name: 'gateway port', port: config.gatewayPort, variable: 'MODELHUB_GATEWAY_PORT' },
    ]
    return await portChecks(config.host, wanted, (port) => speaksOurs(`http://127.0.0.1:${port}`))
  } catch (error) {
    return [fail('settings', messageOf(error), 'Run: modelhub config')]
  }
}

function printCheck(ctx: Context, check: Check): void {
  ctx.line(`${check.status.padEnd(4)}  ${check.name}: ${check.message}`)
  if (check.remedy !== null) ctx.line(`      remedy: ${check.remedy}`)
}

function network(ctx: Context): number {
  const hosts = networkHosts(ctx.environment.variables)
  if (ctx.flags.json) ctx.json({ hosts })
  else if (hosts.length === 0) ctx.line('None: with these settings the hub contacts no host.')
  else {
    const rows = hosts.map((host) => [host.host, host.why, host.because])
    ctx.line(
      table(
        ['HOST', 'WHY', 'SET BY'].map((title) => ({ title })),
        rows,
      ),
    )
  }
  return exitCodes.ok
}
