import { stat } from 'node:fs/promises'
import { readFileRows } from '../../artifacts/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import { fingerprintOf, sameFingerprint } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'

/** True when every file that was registered in place is the file that was hashed, and every stored one is still there. */
export async function checkIntact(
  deps: Pick<LifecycleDeps, 'database' | 'blobs'>,
  version: Pick<NamedVersionRow, 'id'>,
): Promise<boolean> {
  for (const file of await readFileRows(deps.database.db, version.id)) {
    if (file.stored === 'in_place' && file.real_path !== null && file.fingerprint !== null) {
      const found = await stat(file.real_path, { bigint: true }).catch(() => null)
      if (found === null || !sameFingerprint(fingerprintOf(found), file.fingerprint)) return false
    }
    if (file.stored === 'blob' && file.sha256 !== null && !(await deps.blobs.has(file.sha256))) return false
  }
  return true
}
