import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import type { Manifest } from './read-manifest.ts'

/** What is imported has no blanks or brackets, unlike what follows a text that ends in the word. */
const imported = /\b(?:from\s*|import\s*\(?\s*)(['"])([^'"\s()]+)\1/g
const testOnly = /(^|\/)(testing|fixtures)\/|\.test\.(js|d\.ts)$/

/** Ways in which dist would not run where only the packages of `dependencies` are installed. */
export function problemsOfDist(dist: string, { dependencies }: Manifest): string[] {
  const problems: string[] = []
  for (const found of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = join(found.parentPath, found.name)
    const inDist = relative(dist, path)
    if (!found.isFile() || inDist.startsWith('web/')) continue
    if (testOnly.test(inDist)) problems.push(`${inDist} is for tests, yet product code imports it.`)
    if (!inDist.endsWith('.js')) continue
    for (const [, , name = ''] of readFileSync(path, 'utf8').matchAll(imported)) {
      if (name.startsWith('.') || name.startsWith('node:') || builtinModules.includes(name)) continue
      const packageName = name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/')
      if (dependencies[packageName] === undefined) {
        problems.push(`${inDist} imports ${packageName}, which is not in the dependencies.`)
      }
    }
  }
  return problems
}
