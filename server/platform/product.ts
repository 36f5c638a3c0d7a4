import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of package.json: the checkout's root, or that of the installed package. */
export const productRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)))

export const productVersion: string = (
  JSON.parse(readFileSync(join(productRoot, 'package.json'), 'utf8')) as { version: string }
).version

/** The built web app: `web/dist` in a checkout, `dist/web` in the installed package. */
export const webFolder: string = import.meta.url.endsWith('.ts')
  ? join(productRoot, 'web', 'dist')
  : join(productRoot, 'dist', 'web')

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder
  const above = dirname(folder)
  if (above === folder) throw new Error('package.json was not found above the program')
  return findRoot(above)
}
