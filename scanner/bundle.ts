import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const scanner = dirname(fileURLToPath(import.meta.url))
const root = dirname(scanner)
const inCheckout = import.meta.url.endsWith('.ts')
/** Programs of the scanner in one file each: they start in a third of the time, and a child may read nothing else. */
const folder = inCheckout ? join(root, 'node_modules', '.cache', 'modelhub', 'scanner') : join(scanner, 'bundle')
let newest: number | undefined

/** Paths of files of the bundle, unless one is missing or older than the code. */
export function bundled<Names extends string[]>(...names: Names): { [I in keyof Names]: string } | undefined {
  const files = names.map((name) => join(folder, name)) as { [I in keyof Names]: string }
  // What is packed does not change. In a checkout the code may have been edited since; asked once, as it has been loaded once.
  newest ??= inCheckout ? newestIn([scanner, join(root, 'kernel')]) : 0
  const code = newest
  return files.every((file) => isNoOlder(file, code)) ? files : undefined
}

/** True when the file is there and was made at that time or later, in milliseconds since 1970. */
export const isNoOlder = (file: string, code: number) => (madeAt(file) ?? -1) >= code

const madeAt = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs

/** When something in folders changed last, in milliseconds since 1970; a file that is gone shows in its folder's time. */
export function newestIn(folders: readonly string[]): number {
  const times = folders.flatMap((place) => {
    const entries = readdirSync(place, { recursive: true, encoding: 'utf8' })
    return [statSync(place).mtimeMs, ...entries.map((path) => madeAt(join(place, path)) ?? Infinity)]
  })
  return Math.max(...times)
}
