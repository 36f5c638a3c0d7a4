import type { Context } from 'hono'
import { byteStream, cutOf } from './byte-stream.ts'
import type { FileAnswer } from './call.ts'
import type { AppEnv } from './deps.ts'

/** The answer that is a file: exactly as long as it says, or cut off. */
export async function fileAnswer(
  c: Context<AppEnv>,
  media = 'application/octet-stream',
  file: FileAnswer,
): Promise<Response> {
  const asked = c.req.method !== 'HEAD'
  if (!asked) await file.close()
  return new Response(asked ? byteStream(file, cutOf(c)) : null, {
    headers: {
      'content-type': media,
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename="${file.fileName}"`,
      'cache-control': 'private, no-store, no-transform',
      ...file.headers,
    },
  })
}
