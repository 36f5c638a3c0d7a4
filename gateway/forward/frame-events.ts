export type EventFramer = {
  /** The bytes up to the end of the last complete event, undefined when there is none yet. */
  push: (chunk: Buffer) => Buffer | undefined
  /** Bytes of an event that has not ended. */
  rest: () => Buffer
}

/**
 * Cuts a server-sent event stream only where an event ends (an empty line; WHATWG HTML §9.2), however the chunks fall.
 * Half an event is of no use to a reader, so holding it back costs nothing, and what follows an upstream's cut is well-formed.
 */
export function frameEvents(): EventFramer {
  let held: Buffer = Buffer.alloc(0)
  return {
    push: (chunk) => {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const end = lastEventEnd(bytes)
      held = bytes.subarray(end)
      return end === 0 ? undefined : bytes.subarray(0, end)
    },
    rest: () => held,
  }
}

/** The events of whole-event bytes, each with its empty line. */
export function* splitEvents(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; ) {
    const end = firstEventEnd(bytes, start)
    yield bytes.subarray(start, end)
    start = end
  }
}

function lastEventEnd(bytes: Buffer): number {
  const plain = bytes.lastIndexOf('\n\n')
  const windows = bytes.lastIndexOf('\r\n\r\n')
  return Math.max(plain === -1 ? 0 : plain + 2, windows === -1 ? 0 : windows + 4)
}

function firstEventEnd(bytes: Buffer, from: number): number {
  const plain = bytes.indexOf('\n\n', from)
  const windows = bytes.indexOf('\r\n\r\n', from)
  if (plain === -1 && windows === -1) return bytes.length
  if (windows === -1 || (plain !== -1 && plain < windows)) return plain + 2
  return windows + 4
}
