import { safeUrl } from '../../../../egress/index.ts'
import { type Clock, type HubError, upstream } from '../../../../kernel/index.ts'
import type { NetResponse } from '../net.ts'
import { asksToWait, retryAfterMs } from '../retry-after.ts'

/** What was asked for: bytes `start` up to and without `end`, or (null) the whole file. */
export type Asked = { start: number; end: number } | null

/** What is known of the file before the answer. */
export type Known = {
  size: number | null
  /** True when the caller stated the size: then another one is no change but a wrong file. */
  sizeStated: boolean
  etag: string | null
  /** True when bytes of earlier answers are kept, which this one must belong to. */
  begun: boolean
}

/** What an answer means for the download. */
export type Meaning =
  /** Bytes from `start` up to and without `end` follow; null: as many as come. */
  | { kind: 'bytes'; start: number; end: number | null; size: number | null; etag: string | null }
  | { kind: 'empty' }
  /** Ask again after a while; `reason` is thrown when there is no more patience. */
  | { kind: 'again'; reason: HubError; waitMs: number | null; busy: boolean }
  /** The link does not work any more. */
  | { kind: 'link'; reason: HubError }
  /** It is another file than before. */
  | { kind: 'changed'; reason: HubError }
  /** The source gives whole files only. */
  | { kind: 'whole'; reason: HubError }
  | { kind: 'fatal'; reason: HubError }

/** An answer that asks for a longer wait is given up. */
const longestWaitMs = 600_000

/** A validator that stands for the same bytes (RFC 9110, §8.8.1); null for none and for a weak one. */
export function strongEtag(etag: string | null | undefined): string | null {
  return etag != null && etag.length <= 1_024 && /^"[\x21\x23-\x7e\x80-\xff]*"$/.test(etag) ? etag : null
}

/** Judges the head of an answer, which may be wrong or a lie, before a byte of it is kept. */
export function readAnswer(response: NetResponse, asked: Asked, known: Known, clock: Clock): Meaning {
  const { status, headers } = response
  const where = safeUrl(response.url)
  const etag = one(headers.etag)
  if (status === 206 && asked !== null) return readPart(response, asked, known, where)
  if (status === 200) {
    const encoding = one(headers['content-encoding'])
    if (encoding !== null && encoding !== 'identity') return { kind: 'fatal', reason: encoded(where, encoding) }
    if (asked !== null && known.begun) {
      return known.etag !== null && etag !== known.etag
        ? { kind: 'changed', reason: changed(where) }
        : {
            kind: 'whole',
            reason: lied('ranges_ignored', `${where} answered with the whole file although a part was asked for.`),
          }
    }
    const size = wholeNumber(one(headers['content-length']))
    if (known.size !== null && size !== null && size !== known.size) return otherSize(where, size, known)
    return { kind: 'bytes', start: 0, end: size ?? known.size, size: size ?? known.size, etag }
  }
  if (status === 416) {
    const total = wholeNumber(/^bytes \*\/(\d+)$/.exec(one(headers['content-range']) ?? '')?.[1] ?? null)
    if (total === 0 && (known.size ?? 0) === 0) return { kind: 'empty' }
    if (total !== null && known.size !== null && total !== known.size) return otherSize(where, total, known)
    return {
      kind: 'whole',
      reason: lied('ranges_refused', `${where} has no bytes ${asked?.start ?? 0} to ${(asked?.end ?? 1) - 1}.`),
    }
  }
  if (asksToWait(status)) {
    const waitMs = retryAfterMs(headers, clock)
    const reason = upstream(
      'source_busy',
      `${where} answered with ${status}: it asks for patience.`,
      'Try again later; what was fetched is kept.',
      { details: { status: 503, upstreamStatus: status, retryAfterMs: waitMs } },
    )
    return waitMs !== null && waitMs > longestWaitMs
      ? { kind: 'fatal', reason }
      : { kind: 'again', reason, waitMs, busy: true }
  }
  if (status >= 500 || status === 408 || status === 425) {
    return {
      kind: 'again',
      waitMs: null,
      busy: false,
      reason: upstream(
        'source_failed',
        `${where} answered with ${status}.`,
        'Try again later; what was fetched is kept.',
        { details: { upstreamStatus: status } },
      ),
    }
  }
  const reason = upstream(
    'link_refused',
    `${where} answered with ${status}: the link has expired, or may not be used.`,
    'Give a new link for the same file, or a credential that may read it; what was fetched is kept.',
    { details: { upstreamStatus: status } },
  )
  // Google Cloud Storage says 400 for an expired link, others 401, 403, 404 or 410.
  return [400, 401, 403, 404, 410].includes(status)
    ? { kind: 'link', reason }
    : {
        kind: 'fatal',
        reason: upstream(
          'unexpected_answer',
          `${where} answered with ${status}.`,
          'Check that the address is that of a file.',
          { details: { upstreamStatus: status } },
        ),
      }
}

function readPart(response: NetResponse, asked: { start: number; end: number }, known: Known, where: string): Meaning {
  const { headers } = response
  const again = (code: string, message: string): Meaning => ({
    kind: 'again',
    waitMs: null,
    busy: false,
    reason: lied(code, message),
  })
  const encoding = one(headers['content-encoding'])
  if (encoding !== null && encoding !== 'identity') return { kind: 'fatal', reason: encoded(where, encoding) }
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(one(headers['content-range']) ?? '')
  const [start, last] = [wholeNumber(range?.[1] ?? null), wholeNumber(range?.[2] ?? null)]
  if (range === null || start === null || last === null)
    return again('range_mismatch', `${where} does not say which part of the file it sent.`)
  const end = last + 1
  if (start !== asked.start || end <= start || end > asked.end) {
    return again(
      'range_mismatch',
      `${where} sent bytes ${start} to ${last}, asked were ${asked.start} to ${asked.end - 1}.`,
    )
  }
  const length = wholeNumber(one(headers['content-length']))
  if (length !== null && length !== end - start) {
    return again('length_mismatch', `${where} announced ${length} bytes for a part of ${end - start}.`)
  }
  const size = wholeNumber(range[3] ?? null)
  const etag = one(headers.etag)
  if (known.begun && known.etag !== null && etag !== null && etag !== known.etag)
    return { kind: 'changed', reason: changed(where) }
  if (size === null && known.size === null)
    return { kind: 'whole', reason: lied('size_unknown', `${where} does not say how large the file is.`) }
  if (size !== null && known.size !== null && size !== known.size) return otherSize(where, size, known)
  if (size !== null && end > size) return again('range_mismatch', `${where} sent bytes behind the end of its file.`)
  return { kind: 'bytes', start, end, size: size ?? known.size, etag }
}

function otherSize(where: string, size: number, known: Known): Meaning {
  if (!known.sizeStated) return { kind: 'changed', reason: changed(where) }
  const reason = upstream(
    'size_mismatch',
    `${where} has ${size} bytes, expected were ${known.size}. Nothing was kept.`,
    'Check that it is the right file; it may have changed at its source.',
    { details: { size, expectedSize: known.size } },
  )
  return { kind: 'fatal', reason }
}

const changed = (where: string): HubError =>
  upstream('source_changed', `${where} changed while it was fetched.`, 'Try again when nothing writes to it any more.')
const encoded = (where: string, encoding: string): HubError =>
  upstream(
    'answer_encoded',
    `${where} sent the file with the encoding ${encoding.slice(0, 40)}, which was not asked for.`,
    'Give an address that serves the file unchanged.',
  )
export const lied = (code: string, message: string): HubError =>
  upstream(code, message, 'Try again; if it happens again, the source or something on the way to it is broken.')

const one = (value: string | string[] | undefined): string | null =>
  Array.isArray(value) ? (value[0] ?? null) : (value ?? null)

function wholeNumber(text: string | null): number | null {
  if (text === null || !/^\d{1,16}$/.test(text)) return null
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : null
}
