import { setTimeout as sleep } from 'node:timers/promises'
import { HubError } from '../../../../kernel/index.ts'

/** The engine host starts beside this process and again after a crash; work that goes on at once must not fail for that. */
const hostPatienceMs = 15_000
const askAgainMs = 200

/** Repeats a call to the engine host that fails with one of these codes, for 15 s; throws the last failure. */
export async function untilReachable<T>(
  call: () => Promise<T>,
  codes: readonly string[],
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + hostPatienceMs
  for (;;) {
    try {
      return await call()
    } catch (error) {
      const away = error instanceof HubError && codes.includes(error.code)
      if (!away || performance.now() > deadline) throw error
    }
    await sleep(askAgainMs, undefined, signal === undefined ? {} : { signal })
  }
}
