import { messageOf, redact } from '../../kernel/index.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** What the command line itself reads; the hub's own variables are documented beside their parser. */
const ownVariables = [
  {
    name: 'MODELHUB_URL',
    default: 'the hub of the data folder, else http://127.0.0.1:4820',
    description: 'Command line: the hub to talk to',
  },
  {
    name: 'MODELHUB_TOKEN',
    default: '<data>/cli-token',
    description: 'Command line: access token',
    secret: true as const,
  },
]

export const config = defineCommand({
  name: 'config',
  summary: 'Explain every environment variable, with its default and present value',
  args: [],
  options: {},
  notes: ['Secrets are never printed. Exit code 1 when a value would be refused.'],
  routes: [],
  run: async (ctx) => {
    const { configVariables, readConfig } = await import('../../server/platform/config.ts')
    const { variables } = ctx.environment
    const rows = [...configVariables, ...ownVariables].map((variable) => {
      const given = variables[variable.name]
      const secret = variable.secret === true
      const value = given === undefined || given === '' ? null : secret ? '[redacted]' : redact(given)
      return { name: variable.name, description: variable.description, default: variable.default, value, secret }
    })
    let problem: string | null = null
    try {
      readConfig({ ...variables })
    } catch (error) {
      problem = redact(messageOf(error))
    }
    if (ctx.flags.json) ctx.json({ variables: rows, problem })
    else {
      for (const row of rows) {
        ctx.line(row.name)
        ctx.line(`  ${row.description}`)
        ctx.line(`  default: ${row.default === '' ? 'none' : row.default}`)
        ctx.line(`  now: ${row.value ?? 'not set'}`)
      }
      if (problem !== null) ctx.note(`fail  ${problem}`)
    }
    return problem === null ? exitCodes.ok : exitCodes.refused
  },
})
