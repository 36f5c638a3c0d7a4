import { useCallback, useEffect, useState } from 'react'

/** Rows above and below what is seen, so that fast scrolling shows no gap. */
const beyond = 12

export type WindowRows = {
  /** Goes to the element that holds the rows. */
  attach: (element: HTMLElement | null) => void
  from: number
  to: number
  /** Pixels in the place of the rows that are not drawn. */
  above: number
  below: number
  /** Scrolls just so far that a row is seen. */
  reveal: (index: number) => void
}

/**
 * Which rows of a long list are worth drawing while the page scrolls: those in the window and some around. All rows must have one
 * height; it is measured at the first one drawn (`data-row`).
 */
export function useWindowRows(count: number, estimate: number): WindowRows {
  const [list, setList] = useState<HTMLElement | null>(null)
  const [height, setHeight] = useState(estimate)
  const [range, setRange] = useState({ from: 0, to: 40 })
  const look = useCallback(() => {
    if (list === null) return
    const { top } = list.getBoundingClientRect()
    const measured = list.querySelector<HTMLElement>('[data-row]')?.getBoundingClientRect().height ?? 0
    const row = measured > 0 ? measured : estimate
    const from = Math.max(0, Math.floor(-top / row) - beyond)
    const to = Math.max(from, Math.ceil((window.innerHeight - top) / row)) + beyond
    setHeight(row)
    setRange((now) => (now.from === from && now.to === to ? now : { from, to }))
  }, [list, estimate])
  useEffect(() => {
    let frame = 0
    const soon = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(look)
    }
    soon()
    window.addEventListener('scroll', soon, { passive: true })
    window.addEventListener('resize', soon)
    return () => {
      cancelAnimationFrame(frame)
      window.removeEventListener('scroll', soon)
      window.removeEventListener('resize', soon)
    }
  }, [look, count])
  const from = Math.min(range.from, count)
  const to = Math.min(range.to, count)
  return {
    attach: setList,
    from,
    to,
    above: from * height,
    below: (count - to) * height,
    reveal: (index) => {
      const top = (list?.getBoundingClientRect().top ?? 0) + index * height
      // The bar at the top covers what is under it.
      if (top < 64) window.scrollBy({ top: top - 64 })
      else if (top + height > window.innerHeight) window.scrollBy({ top: top + height - window.innerHeight + 8 })
    },
  }
}
