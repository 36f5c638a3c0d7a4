import { useEffect, useState } from 'react'

/** Whole seconds until a time in milliseconds since 1970, counted down; null when there is none or it has passed. */
export function useSecondsUntil(at: number | null): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    const look = () => setNow(Date.now())
    const first = setTimeout(look, 0)
    const timer = setInterval(look, 1_000)
    return () => {
      clearTimeout(first)
      clearInterval(timer)
    }
  }, [at])
  return at === null || at <= now ? null : Math.ceil((at - now) / 1_000)
}
