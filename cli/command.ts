import type { RouteId } from '../contract/index.ts'
import type { Context } from './context.ts'

/** One option in the shape of node:util parseArgs, with its help text. */
export type OptionSpec = {
  type: 'boolean' | 'string'
  short?: string
  multiple?: boolean
  description: string
  /** What the help calls the value, such as `NAME`; the option's name in capitals otherwise. */
  value?: string
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type ValueOf<S extends OptionSpec> = S extends { type: 'boolean' }
  ? boolean
  : S extends { type: 'string'; multiple: true }
    ? string[]
    : S extends { type: 'string'; multiple?: false }
      ? string
      : // Options that are only known at run time.
        string | boolean | string[]
type Values<O extends OptionSpecs> = { [K in keyof O]?: ValueOf<O[K]> | undefined }

export type Input<O extends OptionSpecs> = { values: Values<O>; positionals: readonly string[] }

/** A command of the command line. Every command also takes --json, --no-progress and --help. */
type CommandDefinition<O extends OptionSpecs> = {
  /** One or two words, such as `keys create`. */
  name: string
  summary: string
  /** Positional arguments as the usage line shows them: `<needed>`, `[optional]`, `<many>…`. */
  args: readonly string[]
  options: O
  /** Longer help below the options. */
  notes?: readonly string[]
  /** The operations of the control API that this command covers. */
  routes: readonly RouteId[]
  /** Does the work and answers with the exit code. */
  run: (ctx: Context, input: Input<O>) => Promise<number>
}
export type Command = CommandDefinition<OptionSpecs>

/** Fixes the option types of a command, so that `run` sees its own options and no others. */
export const defineCommand = <const O extends OptionSpecs>(definition: CommandDefinition<O>): Command =>
  definition as unknown as Command
