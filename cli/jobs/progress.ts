import type { JobEvent, JobProgress } from '../api-types.ts'
import type { Context } from '../context.ts'
import { plain } from '../text/plain.ts'
import { bytes, duration } from '../text/units.ts'

type Progress = { event: (event: JobEvent) => void; message: (text: string) => void; end: () => void }

const redrawMs = 100
const plainEveryMs = 5_000
const barWidth = 24

/**
 * Shows the events of a job on standard error: a line that redraws itself on a terminal, plain lines otherwise, nothing with
 * --json. `end` must be called.
 */
export function createProgress(ctx: Context): Progress {
  if (ctx.flags.json) return { event: () => undefined, message: () => undefined, end: () => undefined }
  const live = ctx.flags.progress && ctx.terminal.error
  let step: { title: string; since: number } | undefined
  let drawn = false
  let lastShown = Number.NEGATIVE_INFINITY

  const clear = () => {
    if (drawn) ctx.draw('\r\u001b[2K')
    drawn = false
  }
  const say = (text: string) => {
    clear()
    ctx.note(text)
  }
  const show = (progress: JobProgress | undefined) => {
    const now = ctx.clock.now()
    if (now - lastShown < (live ? redrawMs : plainEveryMs)) return
    lastShown = now
    const text = progressText(step?.title ?? '', progress, live)
    if (!live) return ctx.note(`  ${text}`)
    ctx.draw(
      `\r\u001b[2K${Array.from(plain(`  ${text}`))
        .slice(0, ctx.terminal.columns - 1)
        .join('')}`,
    )
    drawn = true
  }
  const onStep = ({ at, data }: JobEvent) => {
    const title = textOf(data.title) ?? textOf(data.step) ?? 'step'
    const state = textOf(data.state) ?? 'running'
    // The hub's times, so that a replayed step shows how long it took and not how long its replay took.
    const when = Date.parse(at)
    if (state === 'running') {
      step = { title, since: when }
      // The next progress of this step is shown at once on a terminal, and only after a while as a plain line.
      lastShown = live ? Number.NEGATIVE_INFINITY : ctx.clock.now()
      if (live) show(undefined)
      else ctx.note(`  ${title} …`)
      return
    }
    if (state === 'waiting') return
    const took = step?.title === title ? ` (${duration((when - step.since) / 1_000)})` : ''
    say(`  ${title}: ${state}${took}`)
  }

  return {
    event: (event) => {
      if (event.type === 'step') onStep(event)
      else if (event.type === 'progress') show(event.data as unknown as JobProgress)
      else if (event.type === 'log') say(`  ${textOf(event.data.message) ?? ''}`)
    },
    message: say,
    end: clear,
  }
}

/** `Hash files  [########----------------]  34 %  1.2 GB of 3.5 GB  310 MB/s  7.4 s left`. */
export function progressText(title: string, progress: JobProgress | undefined, bar: boolean): string {
  if (progress === undefined) return title
  const inBytes = typeof progress.bytesTotal === 'number'
  const done = inBytes ? progress.bytesDone : progress.done
  const total = inBytes ? progress.bytesTotal : progress.total
  const parts = [title]
  if (typeof done === 'number' && typeof total === 'number' && total > 0) {
    const share = Math.min(1, done / total)
    const filled = Math.floor(share * barWidth)
    if (bar) parts.push(`[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]`)
    parts.push(`${Math.floor(share * 100)} %`, inBytes ? `${bytes(done)} of ${bytes(total)}` : `${done} of ${total}`)
  }
  if (typeof progress.rate === 'number' && inBytes) parts.push(`${bytes(progress.rate)}/s`)
  if (typeof progress.etaSeconds === 'number') parts.push(`${duration(progress.etaSeconds)} left`)
  if (typeof progress.message === 'string' && progress.message !== '') parts.push(progress.message)
  return parts.join('  ')
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
