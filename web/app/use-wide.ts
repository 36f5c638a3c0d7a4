import { useSyncExternalStore } from 'react'

const wide = matchMedia('(min-width: 48rem)')
const follow = (listener: () => void) => {
  wide.addEventListener('change', listener)
  return () => wide.removeEventListener('change', listener)
}

/** Whether there is room for tables; for lists too long to draw twice. */
export const useWide = (): boolean => useSyncExternalStore(follow, () => wide.matches)
