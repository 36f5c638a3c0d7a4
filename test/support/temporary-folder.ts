import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new empty folder and the function that removes it with all it holds. */
export function temporaryFolder(name = 'test'): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `modelhub-${name}-`))
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 3 }) }
}
