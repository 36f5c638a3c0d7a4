/**
 * Calls `onGone` once when the process that started this one has died: its children are then handed to another parent.
 * @returns stops watching
 */
export function watchParent(onGone: () => void, everyMs = 500): () => void {
  const parent = process.ppid
  const forked = process.send !== undefined
  const timer = setInterval(() => {
    // A parent that died before this was called has been replaced already; only its closed channel tells.
    if (process.ppid === parent && (!forked || process.connected)) return
    clearInterval(timer)
    onGone()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
