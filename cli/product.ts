import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Product = {
  /** Folder of package.json: the checkout, or the installed package. */
  root: string
  version: string
  /** Version of Node that the product pins. */
  node: string
}

/** Finds the product's own package.json, above this file in a checkout and above `dist` when packed. */
export function readProduct(): Product {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      const found = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name?: string
        version: string
        dependencies?: Record<string, string>
      }
      if (found.name === 'modelhub')
        return { root: folder, version: found.version, node: found.dependencies?.node ?? '' }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    if (folder === dirname(folder)) throw new Error('package.json of modelhub was not found above its own files')
  }
}
