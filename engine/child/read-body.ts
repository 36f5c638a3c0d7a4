import type { IncomingMessage } from 'node:http'
import { badRequest, RequestFailure } from './failure.ts'
import { isRecord } from './fields.ts'

/** Largest request body in bytes. */
const maxBodyBytes = 4 * 1024 * 1024
/** A sender is listened to this long before it is cut off. */
const maxReadBytes = 16 * maxBodyBytes

/** The JSON object of a request body. Rejects with RequestFailure 413 or 400; holds at most `maxBodyBytes`. */
export async function readJsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // Read on without keeping: a sender that is cut off in the middle may never see the answer.
    if (size <= maxBodyBytes) chunks.push(chunk)
    else if (size > maxReadBytes) break
  }
  if (size > maxBodyBytes) {
    throw new RequestFailure(413, 'request_too_large', `The request body is larger than ${maxBodyBytes} bytes.`)
  }
  let value: unknown
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw badRequest('The request body is not valid JSON.', null, 'invalid_json')
  }
  if (!isRecord(value)) throw badRequest('The request body must be a JSON object.', null, 'invalid_json')
  return value
}
