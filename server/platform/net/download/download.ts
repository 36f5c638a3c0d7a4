import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { conflict, HubError, invalid, upstream } from '../../../../kernel/index.ts'
import { makeFolderDurably } from '../../durable-files.ts'
import type { Net } from '../net.ts'
import { rest } from '../rest.ts'
import { strongEtag } from './answer.ts'
import { countBytes, firstGap } from './extents.ts'
import { fetchFile } from './fetch-file.ts'
import { type Progress, readJournal } from './journal.ts'
import { createLink } from './link.ts'
import type { DownloadDeps, Downloaded, DownloadProgress, DownloadRequest } from './request.ts'

/** Files that are being fetched through a way out: two writers would spoil a part file. */
const running = new WeakMap<Net, Set<string>>()

/**
 * Fetches a file, however often that is cut: by the network, by the source, by a kill of this process. What is fetched lies in
 * `<folder>/<key>.part`, and what of it is safely there in `<key>.journal`, every 8 MiB; a further call with the same key goes on from
 * there as long as the file is the same, which a strong entity tag or the digest must vouch for. The digest is computed while it runs.
 * When it ends both files are there (a call after a kill in between ends at once); `discardDownload` removes what is left.
 *
 * Throws `upstream` `digest_mismatch` (nothing is kept), `size_mismatch`, `link_refused`, `source_changed`, `source_busy`,
 * `source_failed`, `answer_encoded`, `range_mismatch`, `length_mismatch`, `too_long`, `too_short`, `too_slow`; what `Net.request` throws;
 * `limit` `disk_full`; `conflict` `download_running`; what `source` throws; and the signal's reason. After all but the first two what
 * was fetched is kept.
 */
export async function downloadFile(
  deps: DownloadDeps,
  request: DownloadRequest,
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
): Promise<Downloaded> {
  const paths = pathsOf(request.folder, request.key)
  if (request.sha256 !== null && !/^[0-9a-f]{64}$/.test(request.sha256)) {
    throw invalid('invalid_digest', 'A SHA-256 is 64 lower-case hexadecimal digits.')
  }
  const busy = running.get(deps.net) ?? new Set()
  running.set(deps.net, busy)
  if (busy.has(paths.part)) {
    throw conflict('download_running', `${request.key} is already being fetched.`, 'Wait until that has ended.')
  }
  busy.add(paths.part)
  try {
    makeFolderDurably(request.folder)
    return await fetchAndCheck(deps, request, paths, onProgress, signal)
  } catch (error) {
    if (error instanceof HubError && (error.code === 'digest_mismatch' || error.code === 'size_mismatch')) {
      await discardDownload(request.folder, request.key)
    }
    throw error
  } finally {
    busy.delete(paths.part)
  }
}

/** Bytes that a download of this key would not fetch again. */
export function downloadedBytes(folder: string, key: string): number {
  const paths = pathsOf(folder, key)
  return countBytes(readJournal(paths.journal, paths.part)?.have ?? [])
}

/** Removes what a download left; nothing happens when there is nothing. */
export async function discardDownload(folder: string, key: string): Promise<void> {
  const paths = pathsOf(folder, key)
  // The journal first: a part file without one is worth nothing, the other way around as well.
  await rm(paths.journal, { force: true })
  await rm(paths.part, { force: true })
}

async function fetchAndCheck(
  deps: DownloadDeps,
  request: DownloadRequest,
  paths: { part: string; journal: string },
  onProgress: (progress: DownloadProgress) => void,
  signal: AbortSignal,
): Promise<Downloaded> {
  const link = createLink(request.source)
  let begin = usable(readJournal(paths.journal, paths.part), request)
  const isWhole = begin.size !== null && firstGap(begin.have, begin.size) === null
  if (!isWhole) {
    const { target } = await link.get(signal)
    const stated = strongEtag(target.etag)
    if (begin.statedEtag !== null && stated !== null && stated !== begin.statedEtag) begin = nothing(request)
    begin = { ...begin, statedEtag: stated ?? begin.statedEtag }
  }
  let ranges = true
  for (let anew = 0; ; anew++) {
    const outcome = await fetchFile({ ...deps, link, request, paths, begin, ranges, onProgress }, signal)
    if ('done' in outcome) return checked(request, paths.part, outcome.done)
    // A source that changes all the time, or cuts whole files again and again, is not followed for ever.
    if (anew >= 4) throw outcome.reason
    if (outcome.anew === 'whole') ranges = false
    if (anew > 0) await rest((deps.tuning?.backoffMs ?? 500) * 2 ** anew, signal)
    begin = nothing(request)
  }
}

function checked(request: DownloadRequest, path: string, done: Omit<Downloaded, 'path'>): Downloaded {
  if (request.sha256 !== null && done.sha256 !== request.sha256) {
    throw upstream(
      'digest_mismatch',
      `The file that arrived has the SHA-256 ${done.sha256}, expected was ${request.sha256}. Nothing was kept.`,
      'Fetch it again; if it happens again, do not trust the source.',
      { details: { sha256: done.sha256, expectedSha256: request.sha256 } },
    )
  }
  return { path, ...done }
}

const nothing = (request: DownloadRequest): Progress => ({ size: request.size, etag: null, statedEtag: null, have: [] })

/** What an earlier try left, if the rest can be fetched so that it belongs to it for certain. */
function usable(left: Progress | null, request: DownloadRequest): Progress {
  if (left === null || (request.size !== null && left.size !== null && left.size !== request.size))
    return nothing(request)
  const vouched =
    request.sha256 !== null ||
    strongEtag(left.etag) !== null ||
    (left.size !== null && firstGap(left.have, left.size) === null)
  return vouched ? { ...left, size: left.size ?? request.size } : nothing(request)
}

function pathsOf(folder: string, key: string): { part: string; journal: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/.test(key)) {
    throw invalid('invalid_key', 'A download is named by letters, digits, dots, underscores and hyphens, at most 200.')
  }
  return { part: join(folder, `${key}.part`), journal: join(folder, `${key}.journal`) }
}
