import { useState } from 'react'

/**
 * `j`, `k` and Enter over a list: which row is marked, and the keys that move it. Nothing is marked until first used. A list that
 * draws only a part of its rows brings its own `reveal`.
 */
export function useRowKeys(length: number, open: (index: number) => void, reveal: (index: number) => void = scrollTo) {
  const [active, setActive] = useState(-1)
  const move = (step: number) => {
    const next = Math.max(0, Math.min(length - 1, active + step))
    setActive(next)
    reveal(next)
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

const scrollTo = (index: number) => document.querySelectorAll('[data-row]')[index]?.scrollIntoView({ block: 'nearest' })

/** Enter belongs to the focused link or button first. */
const onEnter = (run: () => void) => (event: KeyboardEvent) => {
  const focused = event.target instanceof Element ? event.target.closest('a, button') : null
  if (focused instanceof HTMLElement) focused.click()
  else run()
}
