import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import type { Check } from '../doctor/check.ts'
import { examine } from '../doctor/index.ts'
import { networkHosts } from '../doctor/network-hosts.ts'
import { readPatient } from '../doctor/patient.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../text/table.ts'

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check this machine and the hub; say what to do about what is wrong',
  args: [],
  options: { network: { type: 'boolean', description: 'List every host the hub may contact, and why' } },
  notes: ['Exit code: 0 when nothing must be done (warnings may be shown), 1 when something must.'],
  routes: ['getVersionInfo'],
  run: async (ctx, { values }) => {
    if (values.network === true) return network(ctx)
    const checks = await examine(await readPatient(ctx))
    if (ctx.flags.json) ctx.json({ checks })
    else for (const check of checks) printCheck(ctx, check)
    return checks.some((check) => check.status === 'fail') ? exitCodes.refused : exitCodes.ok
  },
})

function printCheck(ctx: Context, check: Check): void {
  ctx.line(`${check.status.padEnd(4)}  ${check.name}: ${check.message}`)
  if (check.remedy !== null) ctx.line(`      remedy: ${check.remedy}`)
}

function network(ctx: Context): number {
  const hosts = networkHosts(ctx.environment.variables)
  if (ctx.flags.json) ctx.json({ hosts })
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
