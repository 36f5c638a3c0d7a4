import type { FileHandle } from 'node:fs/promises'
import { type Clock, conflict, HubError } from '../../../../kernel/index.ts'
import {
  askClamavVersion,
  type ClamavAddress,
  type ClamavPatience,
  type ClamavVersion,
  scanWithClamav,
} from '../../../platform/clamav.ts'
import type { Database } from '../../../platform/db/index.ts'
import { type AntivirusRow, readAntivirus, saveAntivirus } from './antivirus-store.ts'

/** The virus scanner that the operator runs; how long it is waited for may be shorter in tests. */
export type Antivirus = { address: ClamavAddress; patience?: ClamavPatience; versionMs?: number }

export type FileToAsk = {
  path: string
  size: number
  sha256: string
  open: () => Promise<FileHandle>
  assertUnchanged: (handle: FileHandle) => Promise<void>
}

type Deps = { database: Database; clock: Clock; antivirus: Antivirus }

/** Files that are sent side by side: clamd scans each with a thread of its own. */
const parallel = 2
/** ClamAV does not look into larger files, whatever its settings (clamd.conf(5), MaxFileSize). */
const mostBytes = 2 ** 31
/** Failures in a row after which the rest is not tried: it is down, and every file would be waited for. */
const mostFailures = 5
const rowsPerStatement = 200
const readBytes = 256 * 1024

const notReachable = 'ClamAV was not reachable.'
const noAnswer = 'ClamAV broke off, was too slow, or gave an answer that is none.'
const tooLarge = 'It is larger than ClamAV takes (StreamMaxLength, MaxFileSize or MaxScanSize of clamd).'

/**
 * What the virus scanner says of these files, by digest; known answers by the same engine and signatures are not asked for again. Never
 * throws because of the scanner: whatever it does not answer is `failed`. Throws when a file cannot be read, or changes meanwhile.
 */
export async function askAntivirus(
  deps: Deps,
  files: readonly FileToAsk[],
  onFile: (file: FileToAsk) => void,
  signal?: AbortSignal,
): Promise<Map<string, AntivirusRow>> {
  const { db } = deps.database
  const distinct = [...new Map(files.map((file) => [file.sha256, file])).values()]
  const known = await readAntivirus(
    db,
    distinct.map(({ sha256 }) => sha256),
  )
  const { address, patience = {}, versionMs } = deps.antivirus
  const version = await askClamavVersion(address, signal, versionMs).catch((error: unknown) => {
    signal?.throwIfAborted()
    if (error instanceof HubError) return null
    throw error
  })
  const rowOf = (file: FileToAsk, said: Pick<AntivirusRow, 'status' | 'signature' | 'why'>): AntivirusRow => ({
    sha256: file.sha256,
    scanner: 'clamav',
    engine: version?.engine ?? null,
    database: version?.database ?? null,
    database_at: version?.databaseAt ?? null,
    at: deps.clock.date(),
    ...said,
  })
  const failed = (file: FileToAsk, why: string) => rowOf(file, { status: 'failed', signature: null, why })
  const answers: AntivirusRow[] = []
  const queue = distinct.filter(({ sha256 }) => !holds(known.get(sha256), version))
  let pending: AntivirusRow[] = []
  const note = async (file: FileToAsk, row: AntivirusRow) => {
    answers.push(row)
    pending.push(row)
    onFile(file)
    if (pending.length < rowsPerStatement) return
    const rows = pending
    pending = []
    await saveAntivirus(db, rows)
  }
  let next = 0
  let inARow = 0
  const worker = async () => {
    for (let file = queue[next++]; file !== undefined; file = queue[next++]) {
      signal?.throwIfAborted()
      if (version === null || inARow >= mostFailures) {
        await note(file, failed(file, notReachable))
        continue
      }
      const said = await askOne(file, address, patience, signal).catch((error: unknown) => {
        // The first file that cannot be read ends the whole: nobody takes another.
        next = queue.length
        throw error
      })
      inARow = said === null ? inARow + 1 : 0
      await note(file, said === null ? failed(file, noAnswer) : rowOf(file, said))
    }
  }
  const done = await Promise.allSettled(Array.from({ length: Math.min(parallel, queue.length) }, worker))
  await saveAntivirus(db, pending)
  for (const one of done) if (one.status === 'rejected') throw one.reason
  for (const row of answers) {
    // What was found stays found when nobody answers now.
    if (row.status !== 'failed' || known.get(row.sha256)?.status !== 'infected') known.set(row.sha256, row)
  }
  return known
}

/** Whether an answer is as good as another one now would be. */
function holds(row: AntivirusRow | undefined, version: ClamavVersion | null): boolean {
  if (row === undefined || version === null || version.database === null) return false
  const answered = row.status === 'clean' || row.status === 'infected'
  return answered && row.engine === version.engine && row.database === version.database
}

/** Null: no answer that is one. */
async function askOne(
  file: FileToAsk,
  address: ClamavAddress,
  patience: ClamavPatience,
  signal?: AbortSignal,
): Promise<Pick<AntivirusRow, 'status' | 'signature' | 'why'> | null> {
  if (file.size > mostBytes) return { status: 'skipped', signature: null, why: tooLarge }
  const handle = await file.open()
  try {
    const verdict = await scanWithClamav(address, pieces(handle, file.size), signal, patience)
    // The answer is kept by digest: it must be about the bytes of that digest.
    await file.assertUnchanged(handle)
    if ('skipped' in verdict) return { status: 'skipped', signature: null, why: tooLarge }
    const { signature } = verdict
    return { status: signature === null ? 'clean' : 'infected', signature, why: null }
  } catch (error) {
    if (error instanceof HubError && error.code === 'clamav_unavailable') return null
    throw error
  } finally {
    await handle.close()
  }
}

async function* pieces(handle: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(Math.min(readBytes, Math.max(size, 1)))
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - at), at)
    if (bytesRead === 0) throw conflict('file_changed', 'A file became shorter while it was read.', 'Scan again.')
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
