import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { FormatDefinition } from '../define-format.ts'
import { probeWindow } from '../probe.ts'
import { readerOf } from '../reader.ts'
import { formats } from './index.ts'

test('every file in the folder is a registered format', async () => {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith('.ts') && !/^index\.|\.test\.ts$/.test(name),
  )
  const found: FormatDefinition[] = []
  for (const name of files) {
    const module = (await import(pathToFileURL(join(import.meta.dirname, name)).href)) as Record<
      string,
      FormatDefinition
    >
    const definitions = Object.values(module).filter((value) => typeof value === 'object' && 'probe' in value)
    expect(definitions, `${name} exports one definition`).toHaveLength(1)
    found.push(...definitions)
  }
  expect(new Set(found.map((format) => format.kind))).toEqual(new Set(formats.kinds))
})

test('no two formats promise the same name ending', () => {
  const extensions = formats.all.flatMap((format) => format.extensions ?? [])
  expect(new Set(extensions).size).toBe(extensions.length)
})

test('probes take any bytes', () => {
  for (let seed = 1; seed < 500; seed++) {
    const bytes = Uint8Array.from(
      { length: seed % 700 },
      (_none, i) => (Math.imul(seed, 2654435761) >>> (i % 24)) & (i % 3 === 0 ? 0xff : 0x7f),
    )
    const window = probeWindow(readerOf(bytes), 0, 'x.bin')
    for (const format of formats.all) expect(() => format.probe(window)).not.toThrow()
  }
})
