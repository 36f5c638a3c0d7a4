import { commands } from './commands/index.ts'
import type { Context } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { genericCommand, genericCommands, genericResources } from './generic/command.ts'
import { commandHelp, overview } from './help.ts'
import { suggest } from './suggest.ts'
import { wrongUse } from './usage-error.ts'

const names = Object.keys(commands)

/** `modelhub`, `modelhub --help`, `modelhub --version`, `modelhub help [command]`. */
export async function programHelp(ctx: Context, flags: readonly string[], words: readonly string[]): Promise<number> {
  if (flags.includes('--version') || flags.includes('-v')) {
    const { readProduct } = await import('./product.ts')
    ctx.line(readProduct().version)
    return exitCodes.ok
  }
  const topic = words.slice(1)
  if (topic.length > 0) return topicHelp(ctx, topic)
  const asked = words[0] === 'help' || flags.includes('--help') || flags.includes('-h')
  const stray = flags.find((flag) => !['--help', '-h', '--json', '--no-progress'].includes(flag))
  if (stray !== undefined) throw wrongUse(`There is no option ${stray}.`, 'See: modelhub --help')
  const text = await programOverview()
  if (asked) ctx.line(text)
  else ctx.note(text)
  return asked ? exitCodes.ok : exitCodes.wrongUse
}

async function topicHelp(ctx: Context, topic: readonly string[]): Promise<number> {
  const load = commands[topic.slice(0, 2).join(' ')] ?? commands[topic[0] ?? '']
  const command = load === undefined ? genericCommand(topic[0] ?? '', topic[1] ?? '') : await load()
  if (command === undefined) return unknownCommand(ctx, topic[0] ?? '', topic[1], ['--help'])
  ctx.line(commandHelp(command))
  return exitCodes.ok
}

async function programOverview(): Promise<string> {
  const list = await Promise.all(Object.values(commands).map((load) => load()))
  return [
    overview('Model Hub: the control plane for AI models.\n\nUsage: modelhub <command> [options]', list),
    `Other resources: modelhub <resource> ls|show|create|update|rm\n  ${genericResources().join(', ')}`,
    'Help of one command: modelhub <command> --help. Environment variables: modelhub config.',
  ].join('\n\n')
}

/** A group without its verb gets the group's list; anything else a suggestion. */
export async function unknownCommand(
  ctx: Context,
  first: string,
  second: string | undefined,
  words: readonly string[],
): Promise<number> {
  const loaders = Object.entries(commands).filter(([name]) => name.startsWith(`${first} `))
  const own = await Promise.all(loaders.map(([, load]) => load()))
  const covered = new Set(own.flatMap((command) => command.routes))
  const group = [...own, ...genericCommands(first).filter((one) => !one.routes.some((id) => covered.has(id)))].filter(
    (command, at, all) => all.findIndex((other) => other.name === command.name) === at,
  )
  const verb = second?.startsWith('-') === true ? undefined : second
  if (group.length > 0 && verb === undefined) {
    const text = overview(`Usage: modelhub ${first} <command> [options]`, group)
    const asked = words.includes('--help') || words.includes('-h')
    if (asked) ctx.line(text)
    else ctx.note(text)
    return asked ? exitCodes.ok : exitCodes.wrongUse
  }
  if (group.length > 0) {
    const near = suggest(
      `${first} ${verb}`,
      group.map((command) => command.name),
    )
    throw wrongUse(
      `There is no command "${first} ${verb}".`,
      near === undefined ? `See: modelhub ${first} --help` : `Did you mean: modelhub ${near}?`,
    )
  }
  const firstWords = names.map((name) => name.split(' ')[0] ?? name)
  const near = suggest(first, [...new Set([...firstWords, ...genericResources()])])
  throw wrongUse(
    `There is no command "${first}".`,
    near === undefined ? 'See: modelhub --help' : `Did you mean: modelhub ${near}?`,
  )
}
