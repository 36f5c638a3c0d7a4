/** Works on all items, at most `width` at a time; stops at the first that fails, and throws its error when the others have ended. */
export async function eachOf<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  let failed = false
  const one = async () => {
    for (const item of rest) {
      if (failed) return
      try {
        await work(item)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: width }, one))
  const first = ends.find((end) => end.status === 'rejected')
  if (first !== undefined) throw first.reason
}
