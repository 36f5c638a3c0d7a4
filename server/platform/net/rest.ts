import { setTimeout as sleep } from 'node:timers/promises'

/** Waits so many milliseconds. Throws the signal's reason. */
export async function rest(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
