/**
 * Calls `onGone` once when the process that started this one has died: its children are then handed to another parent.
 * @returns stops watching
 */
export function watchParent(onGone: () => void, everyMs = 500): () => void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onGone()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
