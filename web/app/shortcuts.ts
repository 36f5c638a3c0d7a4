import { useEffect, useRef } from 'react'

type Handler = (event: KeyboardEvent) => void

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && ['checkbox', 'radio'].includes(target.type))

/** Single letters can be switched off (WCAG 2.1.4). */
export const singleKeys = {
  get on(): boolean {
    return localStorage.getItem('modelhub.single-keys') !== 'off'
  },
  set(on: boolean): void {
    localStorage.setItem('modelhub.single-keys', on ? 'on' : 'off')
  },
}

/**
 * Keys of a screen while it is shown: `j`, `/`, or a sequence such as `g c`. Nothing happens while typing, in an open
 * dialog or menu, or with a modifier held.
 */
export function useShortcuts(keys: Record<string, Handler>): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    let first = ''
    let timer: ReturnType<typeof setTimeout> | undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('[role="dialog"][data-state="open"], [role="menu"]') !== null) return
      if (event.key.length === 1 && !singleKeys.on) return
      const sequence = first === '' ? '' : `${first} ${event.key}`
      const handler = latest.current[sequence] ?? (first === '' ? latest.current[event.key] : undefined)
      const startsOne = Object.keys(latest.current).some((key) => key.startsWith(`${event.key} `))
      clearTimeout(timer)
      first = ''
      if (handler !== undefined) {
        event.preventDefault()
        handler(event)
      } else if (startsOne) {
        first = event.key
        timer = setTimeout(() => {
          first = ''
        }, 1_000)
      }
    }
    document.addEventListener('keydown', onKey)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('keydown', onKey)
    }
  }, [])
}
