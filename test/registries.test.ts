import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

/** Folders where adding a kind is one file and one line in `index.ts`. */
const folders = [
  'server/modules/governance/policies',
  'server/modules/providers/vendors',
  'server/modules/sources/kinds',
  'server/modules/engines/kinds',
  'server/modules/evaluations/tasks',
  'server/modules/evaluations/scorers',
  'server/modules/lifecycle/jobs',
  'server/modules/lifecycle/files/detect',
]
/** Files of such a folder that define no kind. */
const helpers = new Set([
  'server/modules/lifecycle/jobs/common-steps.ts',
  'server/modules/lifecycle/jobs/input.ts',
  'server/modules/lifecycle/jobs/settle.ts',
])

type Definition = { kind: string }
const isDefinition = (value: unknown): value is Definition =>
  typeof value === 'object' && value !== null && typeof (value as { kind?: unknown }).kind === 'string'
const isRegistry = (value: unknown): value is { all: readonly Definition[] } =>
  typeof value === 'object' && value !== null && Array.isArray((value as { all?: unknown }).all)

const load = async (path: string): Promise<unknown[]> =>
  Object.values((await import(fileURLToPath(new URL(`../${path}`, import.meta.url)))) as Record<string, unknown>)

describe.each(folders)('%s', (folder) => {
  const files = readdirSync(new URL(`../${folder}/`, import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
    .map((name) => `${folder}/${name}`)
    .filter((path) => !helpers.has(path))

  test('registers the definition of every file, and nothing else', async () => {
    const registered = (await load(`${folder}/index.ts`)).find(isRegistry)?.all ?? []
    const defined: Definition[] = []
    for (const file of files) {
      const [definition, ...more] = (await load(file)).filter(isDefinition)
      expect(definition, `${file} exports a definition`).toBeDefined()
      expect(more, `${file} exports one definition`).toEqual([])
      expect(registered, `${file} is registered`).toContain(definition)
      if (definition !== undefined) defined.push(definition)
    }
    expect(defined.length).toBe(registered.length)
  })
})
