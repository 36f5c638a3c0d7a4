import { readFile, stat } from 'node:fs/promises'
import { invalid, messageOf } from '../kernel/index.ts'
import { mostRootBytes, readTrustedRoot } from './modules/verification/index.ts'

/**
 * The trust root of Sigstore that the operator pinned, as JSON; null: none. Throws `invalid` `trust_root_invalid`: a hub that was told to
 * verify must not start without what it verifies by.
 */
export async function readTrustRoot(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null
  try {
    if ((await stat(file)).size > mostRootBytes) throw new Error(`it has more than ${mostRootBytes} bytes`)
    const text = await readFile(file, 'utf8')
    readTrustedRoot(text)
    return text
  } catch (cause) {
    throw invalid(
      'trust_root_invalid',
      `MODELHUB_SIGSTORE_TRUSTED_ROOT: ${file} cannot be used: ${messageOf(cause)}.`,
      'Give the trusted_root.json of that Sigstore, or leave the variable out.',
      { cause },
    )
  }
}
