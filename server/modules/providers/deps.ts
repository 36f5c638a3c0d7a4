import type { Clock, NewId } from '../../../kernel/index.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'
import type { Net } from '../../platform/net/net.ts'
import type { CredentialUses } from './credentials/uses.ts'

/** What a stored secret is read with. */
export type CredentialDeps = {
  database: Database
  /** The envelope key; during a change of it the old one too, the new one first. */
  secretKeys: readonly Uint8Array[]
  uses: CredentialUses
}

export type ProviderDeps = CredentialDeps & {
  clock: Clock
  newId: NewId
  audit: WriteAudit
  log: Log
  net: Net
  /** Milliseconds one call to a provider may take; 60,000 unless told. */
  providerTimeoutMs?: number
  /** Where a provider is instead of at its own address, by kind. */
  bases?: Readonly<Record<string, string>>
}
