import { useEffect, useSyncExternalStore } from 'react'
import { text } from '../text.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

type Toast = { id: number; message: string }

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

const dismiss = (id: number) => change(toasts.filter((toast) => toast.id !== id))

/** Confirms what was just done. Never the only place where something is said. */
export function toast(message: string): void {
  change([...toasts.slice(-2), { id: nextId++, message }])
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-20 z-40 grid justify-items-center gap-2 md:bottom-4"
    >
      {shown.map((item) => (
        <ToastRow item={item} key={item.id} />
      ))}
    </div>
  )
}

function ToastRow({ item }: { item: Toast }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(item.id), 8_000)
    return () => clearTimeout(timer)
  }, [item.id])
  return (
    <div className="appear pointer-events-auto flex max-w-full items-center gap-2.5 rounded-card border border-line-2 bg-raised py-1 pr-1 pl-3 shadow-float">
      <Icon className="text-pass-fg" name="circle-check" />
      <span className="min-w-0 break-words">{item.message}</span>
      <IconButton icon="x" label={text.common.close} onClick={() => dismiss(item.id)} />
    </div>
  )
}
