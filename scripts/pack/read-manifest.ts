import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What packing reads in package.json. */
export type Manifest = {
  bin: Record<string, string>
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  bundleDependencies: readonly string[]
}

export function readManifest(root: string): Manifest {
  const found = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Partial<Manifest>
  return {
    bin: found.bin ?? {},
    dependencies: found.dependencies ?? {},
    optionalDependencies: found.optionalDependencies ?? {},
    bundleDependencies: found.bundleDependencies ?? [],
  }
}
