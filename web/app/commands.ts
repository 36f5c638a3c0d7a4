import { useEffect, useSyncExternalStore } from 'react'
import type { IconName } from '../ui/icon.tsx'

/** Something the page in view can do; the command palette lists it. */
export type Command = { id: string; label: string; icon: IconName; shortcut?: string; run: () => void }

let current: readonly Command[] = []
const listeners = new Set<() => void>()

function publish(commands: readonly Command[]): void {
  current = commands
  for (const listener of listeners) listener()
}

/** Offers the commands of a page while it is shown. */
export function usePageCommands(commands: readonly Command[]): void {
  useEffect(() => {
    publish(commands)
    return () => publish([])
  }, [commands])
}

export const useCommands = (): readonly Command[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
