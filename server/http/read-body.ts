import { HubError, invalid, limitReached } from '../../kernel/index.ts'
import type { Upload } from './call.ts'

const defaultMaxBytes = 1 << 20
const maxDepth = 64

/**
 * The JSON body of a request. Throws `invalid` (400, 415) or `limit` (413): at most `maxBytes` (1 MiB unless told), 64 levels deep,
 * not compressed, UTF-8, and no text that no database column holds.
 */
export async function readJsonBody(request: Request, maxBytes = defaultMaxBytes): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (request.body === null || request.headers.get('content-length') === '0') return {}
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw invalid(
      'unsupported_media_type',
      'The body is not declared as JSON.',
      'Send content-type: application/json.',
      {
        details: { status: 415 },
      },
    )
  }
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    throw invalid('unsupported_encoding', 'The body is compressed.', 'Send it as it is, without content-encoding.', {
      details: { status: 415 },
    })
  }
  const text = await readBodyText(request.body, maxBytes)
  if (text.trim() === '') return {}
  assertDepth(text)
  try {
    return JSON.parse(text, escapesUnstorable.test(text) ? assertStorable : undefined) as unknown
  } catch (cause) {
    if (cause instanceof HubError) throw cause
    throw invalid('invalid_json', 'The body is not valid JSON.', 'Check quotes, commas and brackets.', { cause })
  }
}

/** Only an escape can bring NUL or half a surrogate pair: in plain view the first is no JSON and the second no UTF-8. */
const escapesUnstorable = /\\u(?:0000|d[89a-f])/i

/** What PostgreSQL holds neither as text nor as JSON is refused here, wherever it stands: no schema has to think of it. */
function assertStorable(name: string, value: unknown): unknown {
  for (const text of [name, value]) {
    if (typeof text !== 'string' || (!text.includes('\0') && text.isWellFormed())) continue
    throw invalid(
      'unstorable_text',
      'The body holds a NUL character or half a surrogate pair.',
      'Leave such characters out.',
    )
  }
  return value
}

/** What breaks off is the client's doing, and no defect of the hub. */
async function* whole(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw invalid('incomplete_body', 'The body broke off before its end.', 'Send the request again.', { cause })
  }
}

/** A body without a byte. */
async function* nothing(): AsyncGenerator<Uint8Array> {}

/** A body of any size, not yet read. Throws `invalid` (411, 415): it must say how long it is, be of this type, and not be compressed. */
export function readUpload(request: Request, media: string): Upload {
  const type = request.headers.get('content-type') ?? ''
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (type.split(';')[0]?.trim().toLowerCase() !== media || encoding.toLowerCase() !== 'identity') {
    throw invalid('unsupported_media_type', `The body is not declared as ${media}.`, `Send content-type: ${media}.`, {
      details: { status: 415 },
    })
  }
  const length = request.headers.get('content-length')
  const bytes = Number(length)
  if (length === null || !Number.isSafeInteger(bytes)) {
    throw invalid('length_required', 'The request does not say how long its body is.', 'Send a content-length.', {
      details: { status: 411 },
    })
  }
  return { bytes, chunks: request.body === null ? nothing() : whole(request.body) }
}

/** The body of a request as text. Throws `invalid` (400) or `limit` (413): at most `maxBytes` (1 MiB unless told), UTF-8. */
export async function readBodyText(body: ReadableStream<Uint8Array>, maxBytes = defaultMaxBytes): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of whole(body)) {
    size += chunk.length
    if (size > maxBytes) {
      throw limitReached(
        'body_too_large',
        `The body is larger than ${Math.floor(maxBytes / (1 << 20))} MiB.`,
        'Send less at once.',
        {
          details: { status: 413 },
        },
      )
    }
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw invalid('invalid_encoding', 'The body is not UTF-8.', 'Send UTF-8.', { cause })
  }
}

/** Counts brackets outside strings before anything is parsed. */
function assertDepth(text: string): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 92) i++
      else if (char === 34) inString = false
    } else if (char === 34) inString = true
    else if (char === 123 || char === 91) {
      if (++depth > maxDepth) {
        throw invalid('body_too_deep', `The body is nested deeper than ${maxDepth} levels.`, 'Send a flatter body.')
      }
    } else if (char === 125 || char === 93) depth--
  }
}
