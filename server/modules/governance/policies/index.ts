import { registry } from '../../../../kernel/index.ts'
import { deprecationPolicy } from './deprecation.ts'
import { evidencePolicy } from './evidence.ts'
import { integrityPolicy } from './integrity.ts'
import { licensePolicy } from './license.ts'
import { lifecyclePolicy } from './lifecycle.ts'
import { ownerPolicy } from './owner.ts'
import { scanPolicy } from './scan.ts'
import { signaturePolicy } from './signature.ts'

/** The gates of a fresh hub: integrity and scan enforce; license, owner, signature and evidence warn. */
export const policies = registry('policy', [
  integrityPolicy,
  scanPolicy,
  lifecyclePolicy,
  licensePolicy,
  ownerPolicy,
  evidencePolicy,
  signaturePolicy,
  deprecationPolicy,
])
