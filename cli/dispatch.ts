import { parseArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { commands } from './commands/index.ts'
import type { Context } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { wrongUse } from './usage-error.ts'

/** Runs one command line and answers with its exit code. Never throws. */
export async function dispatch(argv: readonly string[], ctx: Context): Promise<number> {
  // Known before parsing, so that a refusal to parse is also told as JSON.
  ctx.flags.json = beforeDashes(argv).includes('--json')
  try {
    return await find(argv, ctx)
  } catch (error) {
    return (await import('./report-error.ts')).reportError(ctx, error)
  }
}

async function find(argv: readonly string[], ctx: Context): Promise<number> {
  const start = argv.findIndex((word) => !word.startsWith('-'))
  const leading = start === -1 ? argv : argv.slice(0, start)
  const words = start === -1 ? [] : argv.slice(start)
  const [first, second] = words
  if (first === undefined || first === 'help')
    return (await import('./program-help.ts')).programHelp(ctx, leading, words)
  if (second !== undefined) {
    const two = commands[`${first} ${second}`]
    if (two !== undefined) return run(await two(), [...leading, ...words.slice(2)], ctx)
    if (genericVerbs.has(second)) {
      const generic = await import('./generic/command.ts')
      const command = generic.genericCommand(first, second)
      if (command !== undefined) return run(command, [...leading, ...words.slice(2)], ctx)
    }
  }
  const one = commands[first]
  if (one !== undefined) return run(await one(), [...leading, ...words.slice(1)], ctx)
  return (await import('./program-help.ts')).unknownCommand(ctx, first, second, beforeDashes(argv))
}

const genericVerbs: ReadonlySet<string> = new Set(['ls', 'show', 'create', 'update', 'rm'])

async function run(command: Command, words: readonly string[], ctx: Context): Promise<number> {
  const { values, positionals, common } = parseArguments(command, words)
  if (common.help) {
    ctx.line((await import('./help.ts')).commandHelp(command))
    return exitCodes.ok
  }
  if (common.json && command.name === 'serve') throw wrongUse('modelhub serve has no JSON output.')
  ctx.flags.json = common.json
  ctx.flags.progress = common.progress
  return command.run(ctx, { values, positionals })
}

function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}
