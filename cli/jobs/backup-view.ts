import type { Context } from '../context.ts'
import { bytes, count } from '../text/units.ts'
import { createProgress } from './progress.ts'

type View = {
  signal: AbortSignal
  stage: (title: string) => void
  progress: (report: { bytesDone: number; bytesTotal: number; message: string }) => void
  end: () => void
}
type InPlace = readonly { version: string; path: string; bytes: number }[]

/** Shows work that is done in this process as the work of the hub is shown. */
export function viewOf(ctx: Context): View {
  const progress = createProgress(ctx)
  let seq = 0
  let current: string | undefined
  const event = (type: 'step' | 'progress', data: Record<string, unknown>) =>
    progress.event({ seq: ++seq, type, at: ctx.clock.date().toISOString(), data })
  const stage = (title: string) => {
    if (current !== undefined) event('step', { title: current, state: 'done' })
    current = title
    event('step', { title, state: 'running' })
  }
  return { signal: ctx.signal(), stage, progress: (report) => event('progress', report), end: progress.end }
}

/** Names the versions whose files are not in a backup. */
export function noteInPlace(ctx: Context, inPlace: InPlace): void {
  ctx.note(`Not in the backup, because they are registered where they lie: ${count(inPlace.length, 'version')}`)
  for (const one of inPlace.slice(0, 20)) ctx.note(`  ${one.version}  ${one.path}  ${bytes(one.bytes)}`)
  if (inPlace.length > 20) ctx.note(`  and ${inPlace.length - 20} more: see manifest.json`)
}
