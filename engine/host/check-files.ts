import { stat } from 'node:fs/promises'
import type { EngineFile, FileFingerprint } from '../types.ts'
import { EngineProblem } from './problem.ts'

/** The fingerprint of a file now. Rejects when it cannot be read. */
export async function fingerprintOf(path: string): Promise<FileFingerprint> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
  return { dev: `${dev}`, ino: `${ino}`, size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}` }
}

/** Rejects with EngineProblem 409 when a file is gone or is not the one that was verified. */
export async function checkFiles(files: readonly EngineFile[]): Promise<void> {
  for (const file of files) {
    const now = await fingerprintOf(file.path).catch(() => undefined)
    if (now === undefined) throw new EngineProblem(409, 'missing_file', `The file ${file.path} cannot be read.`)
    const expected = file.fingerprint ?? { size: `${file.size}` }
    const changed = Object.entries(expected).find(([name, value]) => now[name as keyof FileFingerprint] !== value)
    if (changed !== undefined) {
      const words = `The file ${file.path} changed since it was verified (${changed[0]}). Verify it again.`
      throw new EngineProblem(409, 'fingerprint_changed', words)
    }
  }
}
