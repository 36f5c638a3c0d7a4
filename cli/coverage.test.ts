import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type RouteDefinition, type RouteId, routes } from '../contract/index.ts'
import type { Command } from './command.ts'
import { commands } from './commands/index.ts'
import { genericCommand, genericCommands, genericResources } from './generic/command.ts'

const own = await Promise.all(Object.entries(commands).map(async ([words, load]) => ({ words, command: await load() })))
const all: Command[] = [...own.map(({ command }) => command), ...genericResources().flatMap(genericCommands)]

/** The command that a route's `cli` words name, and the option behind them. */
async function named(cli: string): Promise<{ command: Command | undefined; option: string | undefined }> {
  const words = cli.split(' ')
  const option = words.find((word) => word.startsWith('--'))?.slice(2)
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('--'))
  const load = commands[`${first} ${second}`.trim()]
  const command = load === undefined ? genericCommand(first, second) : await load()
  return { command, option }
}

describe('every operation of the control API has its command', () => {
  test.each(Object.entries<RouteDefinition>(routes).filter(([, route]) => route.cli !== 'browser only'))(
    '%s',
    async (id, route) => {
      expect(all.some((command) => command.routes.includes(id as RouteId))).toBe(true)
      const { command, option } = await named(route.cli)
      expect(command?.routes, `modelhub ${route.cli}`).toContain(id)
      if (option !== undefined) expect(Object.keys(command?.options ?? {})).toContain(option)
    },
  )

  test('what only a browser does is exactly signing in and out', () => {
    const browser = Object.entries<RouteDefinition>(routes).filter(([, route]) => route.cli === 'browser only')
    expect(browser.map(([id]) => id)).toEqual(['signIn', 'signOut'])
  })
})

describe('the table of commands', () => {
  test('each command is listed under its own name', () => {
    for (const { words, command } of own) expect(command.name).toBe(words)
  })

  test('each command file is listed', () => {
    const names = new Set(own.map(({ words }) => words.replace(' ', '-')))
    const helpers = new Set([
      'index',
      'add-dry-run',
      'add-finish',
      'add-list',
      'add-one',
      'show-sections',
      'version-job',
    ])
    const files = readdirSync(new URL('./commands/', import.meta.url))
      .filter((file) => !file.includes('.test.'))
      .map((file) => file.replace('.ts', ''))
    expect(files.filter((file) => !helpers.has(file) && !names.has(file))).toEqual([])
  })

  test('every option says what it does', () => {
    for (const command of all) {
      for (const spec of Object.values(command.options)) expect(spec.description).not.toBe('')
    }
  })
})
