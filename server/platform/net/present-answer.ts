import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { safeUrl } from '../../../egress/index.ts'
import { limitReached, upstream } from '../../../kernel/index.ts'
import type { Bandwidth } from './bandwidth.ts'
import type { NetRequest, NetResponse } from './net.ts'
import { asNetError, timedOut } from './net-error.ts'

/** What undici gives. */
export type Answer = { status: number } & Pick<Dispatcher.ResponseData, 'headers' | 'body'>

const mebibyte = 2 ** 20

/** An answer as the rest of the hub sees it. */
export function presentAnswer(
  answer: Answer,
  url: URL,
  request: NetRequest,
  bandwidth: Bandwidth | null,
  signal: AbortSignal | undefined,
): NetResponse {
  const { status, headers } = answer
  const body = throughPolicy(answer.body, url, request.bulk === true ? bandwidth : null, signal)
  const text = async (maxBytes = mebibyte): Promise<string> => {
    try {
      return await readText({ headers, body }, url, maxBytes, request.idleTimeoutMs ?? 60_000)
    } finally {
      body.destroy()
    }
  }
  return {
    status,
    headers,
    url: url.href,
    body,
    text,
    json: async (maxBytes) => {
      const content = await text(maxBytes)
      try {
        return JSON.parse(content) as unknown
      } catch {
        // Without the cause: it quotes the answer.
        throw upstream(
          'answer_not_json',
          `The answer of ${safeUrl(url)} (status ${status}) is not JSON.`,
          'Check that the address is that of an API.',
        )
      }
    },
  }
}

/** The same bytes, with our errors, and not faster than the cap. Bytes are passed on as they come: no copy. */
function throughPolicy(
  body: Readable,
  url: URL,
  bandwidth: Bandwidth | null,
  signal: AbortSignal | undefined,
): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        await bandwidth?.((chunk as Uint8Array).length, signal)
        yield chunk as Uint8Array
      }
    } catch (error) {
      throw asNetError(error, url, signal)
    }
  }
  const passed = Readable.from(chunks(), { objectMode: false, highWaterMark: 256 * 1024 })
  passed.once('close', () => body.destroy())
  passed.on('error', () => undefined)
  return passed
}

async function readText(
  answer: Pick<NetResponse, 'headers' | 'body'>,
  url: URL,
  maxBytes: number,
  limitMs: number,
): Promise<string> {
  const { headers, body } = answer
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') {
    throw upstream(
      'answer_encoded',
      `The answer of ${safeUrl(url)} came with the encoding ${encoding.slice(0, 40)}, which was not asked for.`,
      'Ask who runs it to honour Accept-Encoding: identity.',
    )
  }
  const tooLarge = () =>
    limitReached(
      'answer_too_large',
      `The answer of ${safeUrl(url)} is larger than ${maxBytes} bytes.`,
      'Check that the address is the right one.',
      { details: { status: 502, maxBytes } },
    )
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const timer = setTimeout(() => body.destroy(timedOut(url, 'did not end its answer', limitMs)), limitMs)
  try {
    const parts: Buffer[] = []
    let size = 0
    for await (const chunk of body) {
      size += (chunk as Buffer).length
      if (size > maxBytes) throw tooLarge()
      parts.push(chunk as Buffer)
    }
    return Buffer.concat(parts).toString('utf8')
  } finally {
    clearTimeout(timer)
  }
}
