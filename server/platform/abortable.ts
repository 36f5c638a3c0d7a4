import { Readable } from 'node:stream'

/** The chunks of a source, until the signal aborts: then its reason is thrown at once, also while the source stands still. */
export async function* abortable(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => undefined)
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  const chunks = source[Symbol.asyncIterator]()
  try {
    signal.throwIfAborted()
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted.promise])
      if (next.done === true) return
      yield next.value
      signal.throwIfAborted()
    }
  } finally {
    signal.removeEventListener('abort', abort)
    // Not awaited: a source that stands still would never answer.
    if (source instanceof Readable) source.destroy()
    else chunks.return?.().catch(() => undefined)
  }
}
