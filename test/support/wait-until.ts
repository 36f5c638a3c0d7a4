import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until `check` gives something truthy and returns that. Throws after `limitMs` (10 s unless told). */
export async function waitUntil<T>(check: () => T | Promise<T>, limitMs = 10_000): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const value = await check()
    if (value) return value
    if (performance.now() > deadline) throw new Error(`nothing came of it within ${limitMs} ms: ${check.toString()}`)
    await sleep(10)
  }
}
