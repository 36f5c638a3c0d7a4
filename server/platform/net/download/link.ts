import type { NetResponse } from '../net.ts'

/** Where a file is to be had now. */
export type LinkTarget = {
  url: string
  headers: Readonly<Record<string, string>>
  /** Entity tag the source states for the file. */
  etag?: string
}
export type LinkSource = (signal: AbortSignal) => Promise<LinkTarget>

export type Link = {
  /** The target, asked for once. `age` counts how often the source was asked. */
  get: (signal: AbortSignal) => Promise<{ target: LinkTarget; age: number }>
  /** Asks the source again, unless somebody did so since `age`. */
  renew: (age: number) => void
  /** Goes to where the answer came from directly next time, when that is another host: its redirect is then not asked for each part. */
  shorten: (response: Pick<NetResponse, 'url'>, age: number) => void
}

export function createLink(source: LinkSource): Link {
  let age = 0
  let asked: Promise<LinkTarget> | null = null
  return {
    get: async (signal) => {
      if (asked === null) {
        age += 1
        const asking = source(signal)
        asked = asking
        // A failure is for whoever waits for it now, not for whoever comes later.
        asking.catch(() => {
          if (asked === asking) asked = null
        })
      }
      const at = age
      return { target: await untilAborted(asked, signal), age: at }
    },
    renew: (from) => {
      if (from === age) asked = null
    },
    shorten: (response, from) => {
      if (from !== age || asked === null) return
      const before = asked
      asked = before.then((target) =>
        new URL(target.url).origin === new URL(response.url).origin
          ? target
          : { ...target, url: response.url, headers: {} },
      )
    },
  }
}

/** A source that stands still must not hold up an abort. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
