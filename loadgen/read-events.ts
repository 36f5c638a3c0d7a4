/** One server-sent event: its data and the arrival of the byte that completed it. */
export type ServerEvent = { at: bigint; data: string }

const newline = 0x0a

/**
 * The events of a stream. An event counts as arrived with the empty line that ends it, or with the last byte when the
 * stream ends without one. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function* readEvents(chunks: ReadonlyArray<{ at: bigint; bytes: Buffer }>): Generator<ServerEvent> {
  let rest: Buffer[] = []
  let data: string[] = []
  let last = 0n
  for (const { at, bytes } of chunks) {
    last = at
    let from = 0
    for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
      const line = lineOf([...rest, bytes.subarray(from, to)])
      rest = []
      from = to + 1
      if (line === '') {
        if (data.length > 0) yield { at, data: data.join('\n') }
        data = []
      } else addField(line, data)
    }
    if (from < bytes.length) rest.push(bytes.subarray(from))
  }
  if (rest.length > 0) addField(lineOf(rest), data)
  if (data.length > 0) yield { at: last, data: data.join('\n') }
}

function lineOf(parts: readonly Buffer[]): string {
  const line = (parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)).toString('utf8')
  return line.endsWith('\r') ? line.slice(0, -1) : line
}

function addField(line: string, data: string[]): void {
  if (!line.startsWith('data:')) return
  data.push(line.startsWith('data: ') ? line.slice(6) : line.slice(5))
}
