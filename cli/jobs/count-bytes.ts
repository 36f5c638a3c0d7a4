import { Transform } from 'node:stream'
import type { Context } from '../context.ts'
import { createProgress } from './progress.ts'

/** Shows how many bytes of a transfer are done; they pass through `counter`, or are told to `add`. `end` must be called. */
export function countBytes(ctx: Context, title: string, total: number) {
  const view = createProgress(ctx)
  let done = 0
  let seq = 0
  const tell = (type: 'step' | 'progress', data: Record<string, unknown>) =>
    view.event({ seq: ++seq, type, at: ctx.clock.date().toISOString(), data })
  tell('step', { title, state: 'running' })
  const add = (bytes: number) => {
    done += bytes
    tell('progress', { bytesDone: done, bytesTotal: total })
  }
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      add(chunk.length)
      next(null, chunk)
    },
  })
  return { counter, add, done: () => done, end: view.end }
}
