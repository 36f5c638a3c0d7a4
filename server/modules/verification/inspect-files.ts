import type { FileHandle } from 'node:fs/promises'
import type { Clock } from '../../../kernel/index.ts'
import { type FileFacts, type Isolation, type ScannerPool, scannerVersion } from '../../../scanner/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { type FactsRow, readFacts, saveFacts } from './store.ts'

export type FileToInspect = { path: string; size: number; sha256: string; open: () => Promise<FileHandle> }

type Deps = { database: Database; clock: Clock; scanner: ScannerPool }

const parallel = 32

/**
 * Facts of every file by digest: stored ones where this scanner version has seen the bytes completely, new ones from isolated child
 * processes otherwise. Nothing is judged here.
 */
export async function inspectFiles(
  deps: Deps,
  files: readonly FileToInspect[],
  onFile: (file: FileToInspect, known: boolean) => void,
  signal?: AbortSignal,
): Promise<Map<string, FactsRow>> {
  const byDigest = new Map(files.map((file) => [file.sha256, file]))
  const known = await readFacts(deps.database.db, [...byDigest.keys()], scannerVersion)
  const found = new Map([...known].filter(([, row]) => row.complete))
  for (const sha256 of found.keys()) {
    const file = byDigest.get(sha256)
    if (file !== undefined) onFile(file, true)
  }
  const queue = [...byDigest.values()].filter((file) => !found.has(file.sha256))
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      signal?.throwIfAborted()
      const row = await inspectOne(deps, file, signal)
      await saveFacts(deps.database.db, row)
      found.set(file.sha256, row)
      onFile(file, false)
    }
  }
  await Promise.all(Array.from({ length: Math.min(parallel, queue.length) }, worker))
  return found
}

async function inspectOne(deps: Deps, file: FileToInspect, signal?: AbortSignal): Promise<FactsRow> {
  const handle = await file.open()
  try {
    const { facts, isolation } = await deps.scanner.inspect({
      fd: handle.fd,
      size: file.size,
      name: file.path,
      ...(signal === undefined ? {} : { signal }),
    })
    return {
      sha256: file.sha256,
      scanner: scannerVersion,
      facts,
      isolation: heldProtections(isolation),
      complete: !wasCutShort(facts),
      at: deps.clock.date(),
    }
  } finally {
    await handle.close()
  }
}

/** True when the inspection itself failed (crash, limit, deadline): it is worth another try. */
function wasCutShort(facts: FileFacts): boolean {
  return facts.observations.some(({ code }) => code === 'scan.incomplete')
}

/** The protections that held, in words for the page. */
function heldProtections(isolation: Isolation): string[] {
  return [
    isolation.process ? 'own process' : '',
    isolation.permissionModel ? 'no file access' : '',
    isolation.networkNamespace ? 'no network (namespace)' : '',
    isolation.networkPreload ? 'no network (runtime)' : '',
    isolation.dataLimitBytes === undefined ? '' : 'memory limit by the kernel',
    isolation.residentLimitBytes === undefined ? '' : 'watched memory',
    `deadline ${Math.round(isolation.deadlineMs / 1_000)} s`,
  ].filter(Boolean)
}
