import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entry } from '../../kernel/index.ts'
import { bundled } from '../bundle.ts'

/** What a scanner child runs. */
export type ChildProgram = {
  /** What Node is told to run: the path of a main module, or a snapshot. */
  run: readonly string[]
  /** How Node is told what to run before: `--require` with a path or `--import` with an address. */
  preload: readonly [option: '--require' | '--import', what: string]
  /** Paths that it must be able to read; folders end with a separator. */
  readable: string[]
}

const scanner = dirname(dirname(fileURLToPath(import.meta.url)))
const root = dirname(scanner)
/** What the scanner's code imports, and what that imports. */
const importedPackages = ['@huggingface/jinja', 'saxes', 'xmlchars']

/** The snapshot or the bundle where there is one that is no older than the code, else the code. @param main another main module, in tests */
export function childProgram(main?: URL, allowed = { snapshot: true }): ChildProgram {
  const snapshot = main === undefined && allowed.snapshot ? bundled('child.blob', 'no-network.cjs') : undefined
  if (snapshot !== undefined) return fromBundle(['--snapshot-blob', snapshot[0]], snapshot[1])
  const bundle = main === undefined ? bundled('child.cjs', 'no-network.cjs') : undefined
  if (bundle !== undefined) return fromBundle([bundle[0]], bundle[1])
  const file = fileURLToPath(main ?? entry('../child', import.meta.url))
  return {
    run: [file],
    preload: ['--import', entry('../no-network', import.meta.url).href],
    readable: withRealPaths([
      scanner + sep,
      join(root, 'kernel') + sep,
      dirname(file) + sep,
      ...importedPackages.flatMap((name) => packageFolders(name)),
      // Node asks these for the module type of the files above.
      join(root, 'package.json'),
      join(dirname(root), 'package.json'),
    ]),
  }
}

const fromBundle = (run: readonly string[], preload: string): ChildProgram => ({
  run,
  preload: ['--require', preload],
  readable: withRealPaths([dirname(preload) + sep]),
})

/** Where a package may be installed, as far as it is. */
function packageFolders(name: string): string[] {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? []
  return folders.map((folder) => join(folder, name) + sep).filter((folder) => existsSync(folder))
}

const withRealPaths = (paths: readonly string[]): string[] => [
  ...new Set(paths.flatMap((path) => [path, realPath(path)])),
]

function realPath(path: string): string {
  try {
    return realpathSync(path) + (path.endsWith(sep) ? sep : '')
  } catch {
    return path
  }
}
