import { readFileSync } from 'node:fs'

/**
 * Whether the process with this id, which was not this one, has ended. What is named after a process can then be taken away. Where the
 * id has gone to another process since, the answer is no, and what bears it stays until a later start. A process that has ended but
 * that nobody has asked about yet (a zombie, which a container without an init keeps) is gone.
 */
export function processIsGone(pid: number): boolean {
  // The processes of a container have the same ids at every start: what bears this one's own is of an earlier start.
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
  return isZombie(pid)
}

/** proc(5): the state is the field after the program's name in brackets, which may hold anything. Elsewhere than on Linux unknown. */
function isZombie(pid: number): boolean {
  try {
    return /^ [ZXx] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\)/s, ''))
  } catch {
    return false
  }
}
