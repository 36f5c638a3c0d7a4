import { useState } from 'react'

/** `j`, `k` and Enter over a list: which row is marked, and the keys that move it. Nothing is marked until first used. */
export function useRowKeys(length: number, open: (index: number) => void) {
  const [active, setActive] = useState(-1)
  const move = (step: number) => {
    const next = Math.max(0, Math.min(length - 1, active + step))
    setActive(next)
    document.querySelectorAll('[data-row]')[next]?.scrollIntoView({ block: 'nearest' })
  }
  return {
    active,
    keys: {
      j: () => move(1),
      k: () => move(-1),
      ...(active >= 0 && active < length ? { o: () => open(active), Enter: onEnter(() => open(active)) } : {}),
    },
  }
}

/** Enter belongs to the focused link or button first. */
const onEnter = (run: () => void) => (event: KeyboardEvent) => {
  const focused = event.target instanceof Element ? event.target.closest('a, button') : null
  if (focused instanceof HTMLElement) focused.click()
  else run()
}
