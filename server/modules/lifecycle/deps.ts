import type { EngineClient } from '../../../engine/index.ts'
import type { Clock, NewId } from '../../../kernel/index.ts'
import type { ScannerPool } from '../../../scanner/index.ts'
import type { Jobs } from '../../jobs/index.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'
import type { Database, Trx } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'
import type { Downloaded, DownloadProgress, DownloadRequest } from '../../platform/net/index.ts'
import type { ReserveRoom } from '../../platform/place/index.ts'
import type { ModelKey } from '../../platform/signing-key.ts'
import type { ProviderDeps } from '../providers/index.ts'
import type { SourceContext } from '../sources/index.ts'
import type { Antivirus } from '../verification/index.ts'

/** Fetches a file to disk, going on where an earlier try ended. */
export type Download = (
  request: DownloadRequest,
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
) => Promise<Downloaded>

/** What every use case of the lifecycle works with. */
export type LifecycleDeps = {
  database: Database
  clock: Clock
  newId: NewId
  audit: WriteAudit
  log: Log
  blobs: BlobStore
  scanner: ScannerPool
  /** The virus scanner that is asked as well; absent: none is. */
  antivirus?: Antivirus
  /** Null where this process has no engine host, such as in tests without engine steps. */
  engine: EngineClient | null
  sources: SourceContext
  /** What providers of hosted models are asked with; absent where this process does not call them. */
  providers?: ProviderDeps
  /** Absent where this process does not reach out to the network. */
  download?: Download
  /** What versions are signed with, and what their signatures are checked with; absent where this process signs nothing. */
  provenance?: {
    key: ModelKey /** JSON of the pinned trust root of Sigstore; null: none. */
    trustedRoot: string | null
  }
  /** Promises room on a disk to work that will need it. */
  reserveRoom: ReserveRoom
  /** Absolute; views of stored files for engines are made below it. */
  dataFolder: string
}

/** The same with the queue, for the use cases that start work. */
export type StartDeps = LifecycleDeps & { jobs: Jobs }

/** What a published version is called by; or why it is not. */
export type Served = { deploymentId: string; route: string } | { because: string }

/** The same for job steps. */
export type LifecycleJobDeps = LifecycleDeps & {
  /** Makes deployment and route of a version that is being published; null when nothing here can run it, `because` when that is known. */
  serve: (trx: Trx, versionId: string) => Promise<Served | null>
}
