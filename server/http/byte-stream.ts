import type { Context } from 'hono'
import type { AppEnv } from './deps.ts'

export type ByteSource = {
  chunks: AsyncIterator<Uint8Array, unknown>
  /** Must be called in the end, whether the chunks were read or not; again does nothing. */
  close: () => Promise<void>
}

/**
 * The content of an answer, read as fast as the client takes it and no longer than it is there.
 * @param cut ends the connection: content that breaks off is answered by nothing else. Without it the listener would print the error,
 * and answer in its own words where nothing was sent yet
 * @param onEnd called once, with the bytes that were given away and what broke it off
 */
export function byteStream(
  source: ByteSource,
  cut: (() => unknown) | undefined,
  onEnd: (bytes: number, error?: unknown) => void = () => undefined,
): ReadableStream<Uint8Array> {
  let bytes = 0
  let ended = false
  const end = async (error?: unknown) => {
    if (ended) return
    ended = true
    onEnd(bytes, error)
    await source.close()
  }
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = await source.chunks.next()
        if (next.done !== true) {
          bytes += next.value.length
          controller.enqueue(next.value)
          return
        }
        await end()
        controller.close()
      } catch (error) {
        await end(error).catch(() => undefined)
        if (cut === undefined) return controller.error(error)
        cut()
        controller.close()
      }
    },
    cancel: () => end(),
  })
}

/** Ends the connection of a request; undefined where no listener stands before the app. */
export function cutOf(c: Context<AppEnv>): (() => unknown) | undefined {
  const outgoing = (c.env as AppEnv['Bindings'] | undefined)?.outgoing
  return outgoing === undefined ? undefined : () => outgoing.destroy()
}
