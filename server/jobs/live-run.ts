import { type Interrupt, interrupt } from './interrupt.ts'
import type { Lease } from './store.ts'

/** A job that this process is working on. */
export type LiveRun = {
  lease: Lease
  kind: string
  /** Aborts on cancel, stop and loss: for steps. */
  work: AbortSignal
  /** Aborts on stop and loss only: for undo, which a cancel sets off. */
  undo: AbortSignal
  interrupt: (reason: Interrupt) => void
}

export function createLiveRun(lease: Lease, kind: string): LiveRun {
  const work = new AbortController()
  const undo = new AbortController()
  return {
    lease,
    kind,
    work: work.signal,
    undo: undo.signal,
    interrupt: (reason) => {
      work.abort(interrupt(reason))
      if (reason !== 'job_cancelled') undo.abort(interrupt(reason))
    },
  }
}
