import type { SourceCheck, SourceNote } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import type { ScannerPool } from '../../../../scanner/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { Uses } from './description/uses.ts'

export type CheckDeps = Pick<LifecycleDeps, 'sources' | 'dataFolder' | 'database' | 'providers'> & {
  /** Reads heads of weights; absent where nothing is inspected. */
  scanner?: ScannerPool
}

/** A file as a check sees it. */
export type SeenFile = { path: string; size: number | null; format: string; title: string }

/** What a look at a source found; what stands in the way is among the notes. */
export type Look = {
  fileCount: number
  totalBytes: number
  /** The first 200. */
  files: SeenFile[]
  license: string | null
  modality: string | null
  /** What the source itself says it is for; null: it says nothing, or not enough to hold against anybody. */
  described: Pick<Uses, 'modality' | 'inputs'> | null
  /** What the hub itself would have to store, at least; null: nobody knows. */
  neededBytes: number | null
  alreadyStoredBytes: number
  remote: SourceCheck['remote']
  hosted: SourceCheck['hosted']
}

export const listedFiles = 200

/** A refusal as something that stands in the way; anything else is a defect and is thrown on. */
export function blockerOf(error: unknown): SourceNote {
  if (!(error instanceof HubError)) throw error
  const page = error.details?.['page']
  return {
    level: 'blocker',
    message: error.message,
    code: error.code,
    ...(error.remedy === undefined ? {} : { remedy: error.remedy }),
    ...(typeof page === 'string' ? { page } : {}),
  }
}

export const isWeights = ({ format }: { format: string }): boolean => format === 'gguf' || format === 'safetensors'
