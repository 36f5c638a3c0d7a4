import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifestDigest } from '../../../server/modules/artifacts/index.ts'
import type { endStateOf } from '../../e2e/support/onboarding.ts'

type EndState = Awaited<ReturnType<typeof endStateOf>>

/** How an undisturbed onboarding of another model of the same layout ends: with the digests of the files of `folder`. */
export function expectedFor(undisturbed: EndState, folder: string): EndState {
  const files = undisturbed.files.map((file) => {
    const bytes = readFileSync(join(folder, file.path))
    return { ...file, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  })
  return { ...undisturbed, files, digest: manifestDigest(files.map((file) => ({ ...file, sha256: file.sha256 }))) }
}
