import type { FileHandle } from 'node:fs/promises'
import type { Clock } from '../../../kernel/index.ts'
import { type FileFacts, type Isolation, type ScannerPool, scannerVersion } from '../../../scanner/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { type FactsRow, readFacts, saveFacts } from './store.ts'

export type FileToInspect = {
  path: string
  size: number
  sha256: string
  open: () => Promise<FileHandle>
  /** Rejects when the open file is not, or not any more, the one with that digest. */
  assertUnchanged: (handle: FileHandle) => Promise<void>
}

type Deps = { database: Database; clock: Clock; scanner: ScannerPool }

/** As many as share a scanner child, whose start costs more than most files; each holds an open file. */
const parallel = 400
/** Facts take up to some megabytes each in a hostile file, and a kilobyte in others. */
const factsPerStatement = 50

/**
 * Facts of every file by path: stored ones where this scanner version has seen the bytes completely, new ones from isolated child
 * processes otherwise. Nothing is judged here. Rejects, with nothing recorded of the file, when one changes while it is inspected.
 */
export async function inspectFiles(
  deps: Deps,
  files: readonly FileToInspect[],
  onFile: (file: FileToInspect, known: boolean) => void,
  signal?: AbortSignal,
): Promise<Map<string, FactsRow>> {
  const known = await readFacts(deps.database.db, [...new Set(files.map((file) => file.sha256))], scannerVersion)
  const found = new Map<string, FactsRow>()
  /** Files that one look answers: the same bytes under the same name. */
  const alike = new Map<string, FileToInspect[]>()
  for (const file of files) {
    const row = known.get(file.sha256)
    if (row?.complete === true && answersFor(row.facts, file.path)) {
      found.set(file.path, row)
      onFile(file, true)
      continue
    }
    const key = `${file.sha256} ${baseName(file.path)}`
    const others = alike.get(key)
    if (others === undefined) alike.set(key, [file])
    else others.push(file)
  }
  const queue = [...alike.values()]
  let next = 0
  let pending: FactsRow[] = []
  let flushing = Promise.resolve()
  const flush = async () => {
    const rows = pending
    pending = []
    // One after the other: everybody else has their turn at the database between two of these.
    flushing = flushing.then(() => saveFacts(deps.database.db, rows))
    await flushing
  }
  const worker = async () => {
    for (let group = queue[next++]; group !== undefined; group = queue[next++]) {
      const [file] = group
      if (file === undefined) continue
      signal?.throwIfAborted()
      const row = await inspectOne(deps, file, signal).catch((error: unknown) => {
        // The first failure ends the whole: nobody takes another file.
        next = queue.length
        throw error
      })
      pending.push(row)
      if (pending.length >= factsPerStatement) await flush()
      for (const each of group) {
        found.set(each.path, row)
        onFile(each, false)
      }
    }
  }
  const done = await Promise.allSettled(Array.from({ length: Math.min(parallel, queue.length) }, worker))
  await flush()
  for (const one of done) if (one.status === 'rejected') throw one.reason
  return found
}

/** True when facts of these bytes hold for a file of this name: what text is read as depends on the name, other formats show themselves. */
function answersFor(facts: FileFacts, path: string): boolean {
  return facts.readAs === undefined || facts.readAs === baseName(path)
}

const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1).toLowerCase()

async function inspectOne(deps: Deps, file: FileToInspect, signal?: AbortSignal): Promise<FactsRow> {
  const handle = await file.open()
  try {
    const look = await inspectOpen(deps, file, handle, signal)
    // Facts are kept by digest for every later version: they must be about the bytes of that digest.
    await file.assertUnchanged(handle)
    return { ...look, sha256: file.sha256, at: deps.clock.date() }
  } finally {
    await handle.close()
  }
}

/** Facts about an open file whose digest the caller has, or will have. */
async function inspectOpen(
  deps: Pick<Deps, 'scanner'>,
  file: Pick<FileToInspect, 'path' | 'size'>,
  handle: FileHandle,
  signal?: AbortSignal,
): Promise<Omit<FactsRow, 'sha256' | 'at'>> {
  const { facts, isolation } = await deps.scanner.inspect({
    fd: handle.fd,
    size: file.size,
    name: file.path,
    ...(signal === undefined ? {} : { signal }),
  })
  signal?.throwIfAborted()
  return {
    scanner: scannerVersion,
    facts,
    isolation: heldProtections(isolation),
    complete: !wasCutShort(facts),
  }
}

/**
 * Inspects an open file while `hash` reads it, so that its inspection costs no time of its own, and keeps the facts under the digest
 * that `hash` gives. Rejects, with nothing kept, when the file has changed once both are done. An inspection that does not come to
 * its end is left to `inspectFiles`.
 */
export async function inspectWhileHashed(
  deps: Deps,
  file: Pick<FileToInspect, 'path' | 'size' | 'assertUnchanged'> & { handle: FileHandle },
  hash: () => Promise<string>,
  signal: AbortSignal,
): Promise<string> {
  const failed = new AbortController()
  const look = inspectOpen(deps, file, file.handle, AbortSignal.any([signal, failed.signal])).catch(() => undefined)
  try {
    const sha256 = await hash()
    const row = await look
    await file.assertUnchanged(file.handle)
    if (row?.complete === true) await saveFacts(deps.database.db, [{ ...row, sha256, at: deps.clock.date() }])
    return sha256
  } catch (error) {
    failed.abort()
    await look
    throw error
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
