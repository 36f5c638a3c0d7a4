import { pathToFileURL } from 'node:url'
import { bundled } from './bundle.ts'
import { createScannerPool, type ScannerLimits, type ScannerPool } from './pool.ts'
import { type FileOutcome, scanFile } from './report/scan-file.ts'
import type { ScannedFile, ScanReport } from './report/types.ts'
import { walk } from './report/walk.ts'

export type { ScannedFile, ScanReport }

export type ScanPathsOptions = {
  /** A pool to use instead of one for this scan; it stays open. */
  pool?: ScannerPool
  /** Children at a time when no pool is given. Default 2. */
  children?: number
  limits?: ScannerLimits
  /** Told after each file, for progress. */
  onFile?: (done: number) => void
  signal?: AbortSignal
}

/** Open files at a time; also what can be waiting for a child. */
const maxOpen = 900

/**
 * Scans files and folders without a hub: walks (never through a symbolic link), hashes, inspects in isolated children, judges.
 * Throws `invalid` for a path that does not exist, and the signal's reason when cancelled.
 */
export async function scanPaths(paths: readonly string[], options: ScanPathsOptions = {}): Promise<ScanReport> {
  const { signal } = options
  const limits = options.limits === undefined ? {} : { limits: options.limits }
  // Most of what there is to load is needed last, so it is loaded while the first child starts.
  const onStart = () => void loadReporting().catch(() => undefined)
  const pool = options.pool ?? createScannerPool({ size: options.children ?? 2, onStart, ...limits })
  const outcomes: FileOutcome[] = []
  const open = new Set<Promise<void>>()
  const failed: unknown[] = []
  try {
    for await (const entry of walk(paths, signal)) {
      if (failed.length > 0) break
      if (open.size >= maxOpen) await Promise.race(open)
      const work = scanFile(entry, pool, signal)
        .then((outcome) => {
          outcomes.push(outcome)
          options.onFile?.(outcomes.length)
        })
        .catch((error: unknown) => void failed.push(error))
        .finally(() => open.delete(work))
      open.add(work)
    }
    await Promise.all(open)
  } finally {
    if (options.pool === undefined) await pool.close()
  }
  if (failed.length > 0) throw failed[0]
  return (await loadReporting()).reportOf(outcomes)
}

type Reporting = typeof import('./report/index.ts')

/** The rules and what is made of them: `reportOf`, `renderReport` and `exitCodeOf`. */
export async function loadReporting(): Promise<Reporting> {
  const [file] = bundled('report.mjs') ?? []
  return file === undefined
    ? await import('./report/index.ts')
    : ((await import(pathToFileURL(file).href)) as Reporting)
}
