/**
 * Whether the process with this id, which was not this one, has ended. What is named after a process can then be taken away. Where the
 * id has gone to another process since, the answer is no, and what bears it stays until a later start.
 */
export function processIsGone(pid: number): boolean {
  // The processes of a container have the same ids at every start: what bears this one's own is of an earlier start.
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
