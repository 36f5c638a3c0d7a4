import { invalid, limitReached } from '../../kernel/index.ts'

const maxBytes = 1 << 20
const maxDepth = 64

/** The JSON body of a request. Throws `invalid` (400, 415) or `limit` (413): at most 1 MiB, 64 levels deep, UTF-8. */
export async function readJsonBody(request: Request): Promise<unknown> {
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
  const text = await readText(request.body)
  if (text.trim() === '') return {}
  assertDepth(text)
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw invalid('invalid_json', 'The body is not valid JSON.', 'Check quotes, commas and brackets.', { cause })
  }
}

async function readText(body: ReadableStream<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) {
      throw limitReached('body_too_large', 'The body is larger than 1 MiB.', 'Send less at once.', {
        details: { status: 413 },
      })
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
