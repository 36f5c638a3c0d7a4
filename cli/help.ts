import { commonOptions } from './arguments.ts'
import type { Command, OptionSpecs } from './command.ts'

/** The help of one command. */
export function commandHelp(command: Command): string {
  const usage = ['modelhub', command.name, ...command.args, '[options]'].join(' ')
  const parts = [command.summary, `Usage: ${usage}`]
  if (Object.keys(command.options).length > 0) parts.push(`Options:\n${optionLines(command.options)}`)
  parts.push(`Common options:\n${optionLines(commonOptions)}`)
  if (command.notes !== undefined) parts.push(command.notes.join('\n'))
  return parts.join('\n\n')
}

/** The help of the program or of a group: one line per command. */
export function overview(title: string, commands: readonly { name: string; summary: string }[]): string {
  return `${title}\n\n${columns(commands.map(({ name, summary }) => [name, summary]))}`
}

function optionLines(options: OptionSpecs): string {
  return columns(
    Object.entries(options).map(([name, spec]) => {
      const short = spec.short === undefined ? '' : `-${spec.short}, `
      const value = spec.type === 'string' ? ` ${spec.value ?? name.toUpperCase()}` : ''
      return [`${short}--${name}${value}`, `${spec.description}${spec.multiple === true ? ' (may be repeated)' : ''}`]
    }),
  )
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd()).join('\n')
}
