import { Transform } from 'node:stream'
import type { Context } from '../context.ts'
import { createProgress } from './progress.ts'

/** Shows how many bytes of a transfer are done; they pass through `counter`. `end` must be called. */
export function countBytes(ctx: Context, title: string, total: number) {
  const view = createProgress(ctx)
  let done = 0
  let seq = 0
  const tell = (type: 'step' | 'progress', data: Record<string, unknown>) =>
    view.event({ seq: ++seq, type, at: ctx.clock.date().toISOString(), data })
  tell('step', { title, state: 'running' })
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length
      tell('progress', { bytesDone: done, bytesTotal: total })
      next(null, chunk)
    },
  })
  return { counter, done: () => done, end: view.end }
}
