import { badSnapshot } from './build-snapshot.ts'

const newline = 0x0a

/**
 * Lines of a byte stream, without their newline; a last line without one is not a line: it was cut.
 * @throws HubError `bad_snapshot` when a line is longer than `maxBytes`
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let held = 0
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let start = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      if (held + end - start > maxBytes) throw badSnapshot(`a line is longer than ${maxBytes} bytes`)
      yield held === 0 ? chunk.subarray(start, end) : Buffer.concat([...parts, chunk.subarray(start, end)])
      parts = []
      held = 0
      start = end + 1
    }
    if (start < chunk.length) {
      parts.push(chunk.subarray(start))
      held += chunk.length - start
      if (held > maxBytes) throw badSnapshot(`a line is longer than ${maxBytes} bytes`)
    }
  }
}
