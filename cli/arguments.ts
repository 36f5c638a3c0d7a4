import { parseArgs } from 'node:util'
import type { Command, Input, OptionSpecs } from './command.ts'
import { suggest } from './suggest.ts'
import { wrongUse } from './usage-error.ts'

/** Options that every command takes. */
export const commonOptions = {
  json: { type: 'boolean', description: "Print the API's JSON" },
  'no-progress': { type: 'boolean', description: 'Plain lines instead of a progress bar' },
  help: { type: 'boolean', short: 'h', description: 'Show this help' },
} as const satisfies OptionSpecs

type Parsed = Input<OptionSpecs> & { common: { json: boolean; progress: boolean; help: boolean } }

/** Parses the words after the command's name. Throws wrong use for unknown options and missing or extra arguments. */
export function parseArguments(command: Command, words: readonly string[]): Parsed {
  const options = { ...command.options, ...commonOptions }
  const remedy = `See: modelhub ${command.name} --help`
  let parsed: { values: Record<string, unknown>; positionals: string[] }
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw optionError(error, Object.keys(options), remedy)
  }
  const { json, 'no-progress': quiet, help, ...values } = parsed.values
  const common = { json: json === true, progress: quiet !== true, help: help === true }
  if (!common.help) checkCount(command, parsed.positionals, remedy)
  return { values: values as Parsed['values'], positionals: parsed.positionals, common }
}

function checkCount(command: Command, positionals: readonly string[], remedy: string): void {
  const missing = command.args.filter((arg) => arg.startsWith('<'))[positionals.length]
  if (missing !== undefined) throw wrongUse(`modelhub ${command.name} needs ${missing.replace('…', '')}.`, remedy)
  const many = command.args.some((arg) => arg.endsWith('…'))
  const extra = many ? undefined : positionals[command.args.length]
  if (extra !== undefined) throw wrongUse(`modelhub ${command.name} does not take "${extra}".`, remedy)
}

function optionError(error: unknown, known: readonly string[], remedy: string): Error {
  const message = error instanceof Error ? error.message : String(error)
  const unknown = /Unknown option '(-{1,2})([^'\s]+)'/.exec(message)
  if (unknown === null) return wrongUse(`${message.split('. ')[0]?.replace(/\.?$/, '.')}`, remedy)
  const near = suggest(unknown[2] ?? '', known)
  return wrongUse(
    `There is no option ${unknown[1]}${unknown[2]}.`,
    near === undefined ? remedy : `Did you mean --${near}? ${remedy}`,
  )
}

/** An integer option. Throws wrong use outside `min`..`max`. */
export function integerOption(text: string | undefined, name: string, min: number, max: number): number | undefined {
  const value = numberOption(text, name, min, max)
  if (value !== undefined && !Number.isInteger(value)) throw wrongUse(`--${name} takes a whole number.`)
  return value
}

/** A number option. Throws wrong use outside `min`..`max`. */
export function numberOption(text: string | undefined, name: string, min: number, max: number): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!(value >= min && value <= max)) throw wrongUse(`--${name} takes a number from ${min} to ${max}.`)
  return value
}

/** One of some words. Throws wrong use otherwise. */
export function choiceOption<const T extends string>(
  text: string | undefined,
  name: string,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined
  const found = choices.find((choice) => choice === text)
  if (found === undefined) throw wrongUse(`--${name} takes one of: ${choices.join(', ')}.`)
  return found
}
